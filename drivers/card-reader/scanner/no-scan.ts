import type { Words } from '../../../shared/domain/result.ts';

/** What to do when nothing was scanned in time. */
export const remedyOfNoScan: Words = {
  zh: '请把医保码对准扫码器，屏幕调亮，再扫一次。',
  en: 'Hold the medical-insurance code before the scanner with a bright screen and scan again.',
};

/** What to do when nothing was swiped in time. */
export const remedyOfNoSwipe: Words = {
  zh: '请匀速刷一次卡，磁条朝向读卡器标示的一侧。',
  en: 'Swipe the card once at an even pace, with the stripe on the side the reader shows.',
};
