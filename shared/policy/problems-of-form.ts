import type { z } from 'zod';
import { problem, type PackProblem } from './pack-problem.ts';

/** What is wrong with the form of a pack, in words a policy officer understands. */
export function problemsOfForm(issue: z.core.$ZodIssue): PackProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem(
        [...path, key],
        'unknown-field',
        `没有“${key}”这一项`,
        `there is no field "${key}"`,
        '删去它，或按政策包说明改正拼写',
        'remove it, or correct its spelling after the description of packs',
      ),
    );
  }
  if (issue.input === undefined && issue.code !== 'custom') {
    return [
      problem(path, 'missing-field', '缺少这一项', 'this field is missing', '补上它', 'add it'),
    ];
  }
  return [formProblem(path, issue)];
}

function formProblem(path: PackProblem['path'], issue: z.core.$ZodIssue): PackProblem {
  switch (issue.message) {
    case 'not-text-amount':
      return problem(
        path,
        'not-text-amount',
        '金额必须写成带引号的文字，最多两位小数',
        'an amount must be text in quotes with at most two decimals',
        "写成 '750.00' 这样",
        "write it like '750.00'",
      );
    case 'not-text-percent':
      return problem(
        path,
        'not-text-percent',
        '比例必须写成带引号的百分数，0 到 100，不带百分号',
        'a rate must be text in quotes, a percentage from 0 to 100 without the sign',
        "写成 '86' 或 '85.5' 这样",
        "write it like '86' or '85.5'",
      );
    case 'not-a-date':
      return problem(
        path,
        'not-a-date',
        '日期不存在或写法不对',
        'not a day of the calendar',
        '写成 2017-11-27 这样',
        'write it like 2017-11-27',
      );
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(', ');
    return problem(
      path,
      'not-in-list',
      `只能是：${values}`,
      `must be one of: ${values}`,
      '改成其中之一',
      'choose one of these',
    );
  }
  const code = /^not-[a-z-]+$/.test(issue.message) ? issue.message : 'wrong-type';
  return problem(
    path,
    code,
    `写法不对（${issue.message}）`,
    `not of the right form (${issue.message})`,
    '按政策包说明改正',
    'correct it after the description of packs',
  );
}
