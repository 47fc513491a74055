import type { Words } from '../../shared/domain/result.ts';
import type { LineFault } from '../transport/port.ts';
import { cardRefusal, type CardRefusal } from './card.ts';

/** How the line of a scanner can be forbidden or unsupported depends on what it is made of. */
export type LineKind = 'serial' | 'hid';

/**
 * Why the line of a scanner or stripe reader is not open, in words. `wasOpen`: it has been, so it was pulled
 * out; otherwise it was never there.
 */
export function refusalOfLine(
  fault: LineFault,
  line: { readonly name: string; readonly kind: LineKind; readonly wasOpen: boolean },
): CardRefusal {
  const technical = `${line.name}: ${fault.code}: ${fault.detail}`;
  switch (fault.code) {
    case 'busy':
      return cardRefusal('reader-failed', { cause: busy, remedy: closeTheOther, technical });
    case 'forbidden':
      return cardRefusal('reader-failed', {
        cause: { zh: '系统不允许打开它。', en: 'The system does not allow opening it.' },
        remedy: allow[line.kind],
        technical,
      });
    case 'unsupported':
      return cardRefusal('reader-failed', {
        cause: {
          zh: '这台电脑缺少打开它的组件。',
          en: 'This machine lacks the part that opens it.',
        },
        remedy: install[line.kind],
        technical,
      });
    case 'timeout':
      return cardRefusal('reader-failed', { technical });
    case 'absent':
    case 'lost':
    case 'closed':
      return cardRefusal(line.wasOpen ? 'reader-removed' : 'no-reader', { technical });
  }
}

const busy: Words = { zh: '它正被另一个程序占用。', en: 'Another program is using it.' };
const closeTheOther: Words = {
  zh: '请关掉正在使用它的程序，这里会自动恢复。',
  en: 'Close the program that uses it; this one recovers by itself.',
};

const allow: Readonly<Record<LineKind, Words>> = {
  serial: {
    zh: '请信息科把当前用户加入 dialout 组，然后重新登录系统。',
    en: 'The IT clerk adds this user to the group dialout; then sign in to the system again.',
  },
  hid: {
    zh: '请信息科为这个设备添加 udev 规则（hidraw），然后重新插上。',
    en: 'The IT clerk adds a udev rule (hidraw) for this device; then plug it in again.',
  },
};

const install: Readonly<Record<LineKind, Words>> = {
  serial: {
    zh: '请信息科重新安装本程序；在此之前请输入证件号码查找患者。',
    en: 'The IT clerk installs this program anew; until then type the ID number.',
  },
  hid: {
    zh: '请信息科安装 libusb-1.0-0 和 libudev1；在此之前请输入证件号码查找患者。',
    en: 'The IT clerk installs libusb-1.0-0 and libudev1; until then type the ID number.',
  },
};
