import { z } from 'zod';

import { visitJsonAsJsonSchema } from '../../shared/contracts/visit-json-schema.ts';
import { programVersion } from '../base/program-version.ts';
import { descriptionPath, visitsPath } from './serve-push.ts';

const words = z.strictObject({ zh: z.string(), en: z.string() });
const problem = z.strictObject({
  row: z.int().exactOptional(),
  column: z.string().exactOptional(),
  place: z.string().describe('JSON Pointer of what is wrong').exactOptional(),
  code: z.string(),
  message: words,
  remedy: words,
});
const pushedVisit = z.strictObject({
  visitId: z.string().nullable(),
  outcome: z
    .enum(['taken', 'equal', 'question', 'refused'])
    .describe(
      'taken 已收下；equal 与已有的相同，没有改动；question 放在一边，等人回答（不要重发）；refused 没有收下，见 problems',
    ),
  lines: z.int().exactOptional(),
  warnings: z.array(z.looseObject({ code: z.string(), text: words })).exactOptional(),
  blockers: z.array(z.strictObject({ code: z.string(), text: z.string() })).exactOptional(),
  problems: z.array(problem).exactOptional(),
});
/** What a push is answered with. */
export const pushAnswerShape = z.strictObject({
  ok: z.boolean().describe('每次就诊都是 taken 或 equal'),
  visits: z.array(pushedVisit),
  problem: problem.describe('整个请求没有读出来的原因').exactOptional(),
});

const resultShape = z.looseObject({
  kind: z.enum(['settled', 'cancelled']),
  settlementId: z.string(),
  number: z.string(),
  visitId: z.string(),
  part: z.int(),
  billVersion: z.int(),
  businessDate: z.string(),
});

/** Shapes without the name of their dialect, as they stand in a description. */
function schemaOf(shape: z.ZodType): object {
  return withoutDialect(z.toJSONSchema(shape, { io: 'input' }));
}

const withoutDialect = (schema: object): object =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));

const answered = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/PushAnswer' } } },
});
const refusedWith = (description: string, wait = false) => ({
  ...answered(description),
  ...(wait
    ? { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } } }
    : {}),
});

/** The description of the address for bills and of the results that are called back, made from the shapes that are enforced. */
export function pushDescription(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Settlement Window 一站式结算窗口：接收账单、回传结果',
      version: programVersion,
      description:
        '同一份账单可以放心重发：按就诊号和内容识别，重复的回答 equal。没有收到回答时，请原样重发。' +
        '请用 sent.version 或 sent.at 写明账单的版本或时间，否则分不清新旧时要由人来定（question）。',
    },
    paths: {
      [visitsPath]: {
        post: {
          operationId: 'pushVisits',
          summary: '发送一次或多次就诊的账单',
          security: [{ token: [] }],
          requestBody: {
            required: true,
            description:
              '一份 Visit JSON、它们的列表，或 {"visits": […]}；不超过 8 MB，UTF-8，不压缩',
            content: {
              'application/json': {
                schema: {
                  oneOf: [
                    { $ref: '#/components/schemas/VisitJson' },
                    { type: 'array', items: { $ref: '#/components/schemas/VisitJson' } },
                    {
                      type: 'object',
                      required: ['visits'],
                      properties: {
                        visits: {
                          type: 'array',
                          items: { $ref: '#/components/schemas/VisitJson' },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          responses: {
            '200': answered('每次就诊都已收下，或本来就有'),
            '207': answered('至少一次就诊没有收下或要由人来定：看每次就诊的 outcome'),
            '400': refusedWith('读不出来，什么都没有收下'),
            '401': refusedWith('令牌不对'),
            '413': refusedWith('超过 8 MB'),
            '415': refusedWith('不是 application/json，或经过压缩'),
            '429': refusedWith('太多，稍后再发', true),
            '503': refusedWith('现在不能接收，稍后再发同一请求', true),
          },
        },
      },
      [descriptionPath]: {
        get: {
          operationId: 'description',
          summary: '这份说明',
          security: [{ token: [] }],
          responses: { '200': { description: 'OpenAPI 3.1' }, '401': refusedWith('令牌不对') },
        },
      },
    },
    webhooks: {
      result: {
        post: {
          operationId: 'result',
          summary: '结算和取消的结果，按就诊依次送达，直到回答 2xx',
          parameters: [
            header('Settlement-Window-Id', '结果的编号：同一编号再来就是重发'),
            header('Settlement-Window-Timestamp', '发送时间，Unix 秒'),
            header(
              'Settlement-Window-Signature',
              'v1= 后面是 HMAC-SHA256(密钥, 时间戳 + "." + 请求体原文) 的十六进制',
            ),
          ],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Result' } } },
          },
          responses: {
            '2XX': { description: '收到了（重复的也回答 2xx）' },
            '4XX': { description: '不收：不再自动重发，列在“接收”页上' },
            '5XX': { description: '暂时不行：稍后重发' },
          },
        },
      },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        VisitJson: withoutDialect(visitJsonAsJsonSchema()),
        PushAnswer: schemaOf(pushAnswerShape),
        Result: schemaOf(resultShape),
      },
    },
  };
}

const header = (name: string, description: string) => ({
  ...{ name, in: 'header', required: true, description },
  schema: { type: 'string' },
});
