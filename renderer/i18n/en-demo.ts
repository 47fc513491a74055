import type { zhDemo } from './zh-demo.ts';

/** The tray of a demo. */
export const enDemo: Readonly<Record<keyof typeof zhDemo, string>> = {
  tray: 'Demo tray',
  trayHint:
    'Lays cards, scans and changes paper in your stead. F2 lays the next patient’s card first. Only in a demo.',
  trayCards: 'Lay on the reader',
  'trayCard.patient': 'The patient’s',
  'trayCard.stranger': 'A stranger’s',
  'trayCard.expired': 'Expired',
  'trayCard.unreadable': 'Unreadable',
  trayLift: 'Lift',
  trayScanner: 'Scan',
  'trayScan.last-slip': 'The last slip',
  'trayScan.unknown-code': 'An unknown code',
  trayPaper: 'Paper',
  'trayPaper.in': 'In',
  'trayPaper.low': 'Low',
  'trayPaper.out': 'Out',
  trayPayers: 'Payers',
  'trayPayers.answering': 'Answering',
  'trayPayers.busy': 'Busy',
  'trayPayers.silent': 'Book, say nothing',
};
