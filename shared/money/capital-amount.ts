import type { Fen } from './fen.ts';

/**
 * The amount in Chinese capitals as receipts and statements carry it (大写): 1490400 fen is
 * 壹万肆仟玖佰零肆元整. Zero is 零元整; 角 without 分 ends in 整; a negative amount begins with 负.
 */
export function capitalAmountFromFen(amount: Fen): string {
  const size = Math.abs(amount);
  const cents = size % 100;
  const yuan = (size - cents) / 100;
  const sign = amount < 0 ? '负' : '';
  if (cents === 0) return `${sign}${yuan === 0 ? '零' : capitalWhole(yuan)}元整`;
  const whole = yuan === 0 ? '' : `${capitalWhole(yuan)}元`;
  return `${sign}${whole}${capitalCents(cents, yuan !== 0)}`;
}

const digits = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿'];

function capitalCents(cents: number, afterYuan: boolean): string {
  const jiao = Math.floor(cents / 10);
  const rest = cents % 10;
  const first = jiao === 0 ? (afterYuan ? '零' : '') : `${digits[jiao] ?? ''}角`;
  return `${first}${rest === 0 ? '整' : `${digits[rest] ?? ''}分`}`;
}

function capitalWhole(yuan: number): string {
  let text = '';
  let zeroBefore = false;
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const group = Math.floor(yuan / 10_000 ** index) % 10_000;
    if (group === 0) {
      zeroBefore = text !== '';
      continue;
    }
    if (text !== '' && (zeroBefore || group < 1000)) text += '零';
    text += `${capitalGroup(group)}${groups[index] ?? ''}`;
    zeroBefore = false;
  }
  return text;
}

function capitalGroup(group: number): string {
  let text = '';
  let zero = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit === 0) {
      zero = text !== '';
      continue;
    }
    text += `${zero ? '零' : ''}${digits[digit] ?? ''}${places[place] ?? ''}`;
    zero = false;
  }
  return text;
}
