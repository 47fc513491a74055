import type { TraceNode } from '../../domain/settlement-result.ts';
import { yuanTextFromFen, formatFen } from '../../money/yuan-text.ts';
import type { ChoiceMade } from '../rules/best-ways.ts';
import { node } from './trace-node.ts';

/** Which of several ways counted: what each would have left the patient, there or in the end. */
export function explainChoice({ choice, ways, taken, step }: ChoiceMade): TraceNode {
  const { cited, assumption } = choice.grounds;
  const ofPerson = choice.per === 'person';
  const each = ways.map(({ name, leavesFen }) => {
    const amount = formatFen(leavesFen);
    return {
      zh: `按“${name.zh}”${ofPerson ? '个人负担' : '余下'} ${amount}`,
      en: `by "${name.en}" ${ofPerson ? 'the patient pays' : 'what is left is'} ${amount}`,
    };
  });
  return node({
    id: `${step.id}.either-${choice.id}`,
    parent: step.id,
    step: step.id,
    rule: ofPerson ? 'best-way-for-person' : 'best-way-at-step',
    assumed: choice.grounds.assumed,
    text: {
      zh: `${choice.name.zh}：${each.map(({ zh }) => zh).join('，')}；取“${taken.zh}”`,
      en: `${choice.name.en}: ${each.map(({ en }) => en).join(', ')}; "${taken.en}" counts`,
    },
    source: cited,
    facts: { name: choice.name, assumption },
    inputs: Object.fromEntries(
      ways.map(({ leavesFen }, index) => [
        `leaves${String(index + 1)}`,
        yuanTextFromFen(leavesFen),
      ]),
    ),
  });
}
