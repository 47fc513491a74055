import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startPayers } from '../claims/payers.test-support.ts';
import { refusalOf, valueOf } from '../settlement/settlement.test-support.ts';
import { eVoucherDecoder } from './decode-e-voucher.ts';

let payers: Awaited<ReturnType<typeof startPayers>>;
beforeAll(async () => {
  payers = await startPayers();
});
afterAll(() => payers.end());

const cashier = { userId: 'cashier1', name: '张会计' };
const decoder = (url: string | null) => {
  const decode = eVoucherDecoder({ url, hospitalCode: 'H43062600001' });
  return (code: string) => decode(code, cashier);
};
const service = () => decoder(`${payers.url()}/fsi/api/hsecfc/localQrCodeQuery`);
async function shownCode(
  owner = { userName: '张三', idNo: '430626195001010016' },
): Promise<string> {
  const body = JSON.stringify(owner);
  const answer = await fetch(`${payers.url()}/phone/e-voucher`, { method: 'POST', body });
  return ((await answer.json()) as { code: string }).code;
}

describe('an e-voucher', () => {
  it('tells whose it is, once', async () => {
    const code = await shownCode();
    expect(code).toMatch(/^424\d{25}$/);
    expect(valueOf(await service()(code))).toEqual({
      idNumber: '430626195001010016',
      name: '张三',
    });
    const again = await service()(code);
    expect(again).toMatchObject({ ok: false, refusal: { code: 'e-voucher-refused' } });
    expect(!again.ok && again.refusal.message.zh).toContain('二维码已失效');
  });

  it('is also of a person insured under the number of a permit', async () => {
    const code = await shownCode({ userName: '陈大文', idNo: 'h1234567801' });
    expect(valueOf(await service()(code))).toEqual({ idNumber: 'H1234567801', name: '陈大文' });
  });

  it('is refused with the words of the service where it is another code', async () => {
    const read = await service()('1234567890123456789012345678');
    expect(!read.ok && read.refusal.message.zh).toContain('请使用医保电子凭证二维码');
  });

  it('says what to do where no service is set or none answers', async () => {
    expect(refusalOf(await decoder(null)(await shownCode()))).toBe('e-voucher-not-set');
    const nowhere = decoder('http://127.0.0.1:1/');
    expect(refusalOf(await nowhere(await shownCode()))).toBe('e-voucher-unanswered');
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>Bad Gateway</html>'],
    ['half an answer', '{"code":0,"data":{"userName"'],
    ['no owner', '{"code":0,"message":"成功","data":null}'],
    [
      'a name beyond all names',
      JSON.stringify({
        code: 0,
        data: { userName: '张'.repeat(9999), idNo: '430626195001010016' },
      }),
    ],
    ['an owner without a number', '{"code":0,"data":{"userName":"张三","idNo":"*"}}'],
  ])('gives nobody where the service answers %s', async (_, text) => {
    const server = createServer((_request, response) => response.end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const read = await decoder(`http://127.0.0.1:${String(port)}/`)(await shownCode());
    expect(refusalOf(read)).toBe('e-voucher-unanswered');
    await new Promise((resolve) => server.close(resolve));
  });

  it('shows nobody a number in full that the service says, nor more of its words than anybody reads', async () => {
    const message = `参保人 430626195001010016 已欠费${'很'.repeat(100_000)}`;
    const server = createServer((_request, response) =>
      response.end(JSON.stringify({ code: -1, message })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const read = await decoder(`http://127.0.0.1:${String(port)}/`)(await shownCode());
    expect(refusalOf(read)).toBe('e-voucher-refused');
    const said = JSON.stringify(read);
    expect(said).toContain('430626********0016');
    expect(said).not.toContain('430626195001010016');
    expect(said.length).toBeLessThan(2000);
    await new Promise((resolve) => server.close(resolve));
  });
});
