import type { zhDevices } from './zh-devices.ts';

/** The same in English. */
export const enDevices: { readonly [Key in keyof typeof zhDevices]: string } = {
  devices: 'Devices of this desk',
  devicesReading: 'Looking at the devices…',
  deviceNotSet: 'no address set',
  deviceSimulated: 'simulated, built into the program',
  'deviceKind.resident-id-reader': 'Resident ID reader',
  'deviceKind.social-security-reader': 'Social-security reader',
  'deviceKind.scanner': 'Scanner',
  'deviceKind.stripe-reader': 'Stripe reader',
  'deviceKind.reader': 'Card reader',
  'deviceKind.printer': 'Slip printer',
  'deviceState.ready': 'ready',
  'deviceState.working': 'working',
  'deviceState.warning': 'look',
  'deviceState.gone': 'gone',
  'deviceState.not-configured': 'not set',
  'card.social-security': 'social-security card',
  'card.resident-id': 'resident ID card',
  'card.preferential': 'preferential card',
  'card.e-voucher': 'medical e-voucher',
  lately: 'Lately',
  lastRead: 'Read',
  lastRefusal: 'Not read',
  noneSinceStart: 'none since the program was opened',
  tookMs: 'took {{ms}} ms',
  printerModel: 'Model',
  testRead: 'Test read',
  testReadHint: 'Waits 10 seconds for a card; no patient opens, the desk is left alone.',
  testPage: 'Print a test page',
  testPageHint: 'A small slip to see paper, characters and cutter; nothing of a patient.',
  testPagePrinting: 'Printing…',
  secondsLeft: '{{count}} s left',
  stop: 'Stop',
  'lay.resident-id-reader': 'Lay the ID card on the reader.',
  'lay.social-security-reader': 'Put the social-security card in, chip first.',
  'lay.scanner': 'Scan the medical e-voucher on the patient’s telephone.',
  'lay.stripe-reader': 'Swipe the card, stripe towards the head.',
  'lay.reader': 'Present a card.',
  'lay.printer': 'Printing…',
  testStopped: 'Stopped; no card was read.',
  testGood: 'Read a {{card}}',
  nameOnCard: 'Name',
  'deviceTab.log': 'What went over the line',
  'deviceTab.setUp': 'Connecting it',
  logHold: 'Hold',
  logGoOn: 'Go on',
  logCopy: 'Copy',
  logRuns: 'newest first; stands still under the mouse or the focus',
  logHeld: 'held, {{count}} more came',
  logCopied: 'copied',
  logNotCopied: 'not copied: select it and press Ctrl+C',
  logMasked: 'Of what came in only the first bytes are kept; nothing that is on a card shows.',
  logEmpty: 'Nothing went over the line yet.',
  frameTime: 'Time',
  frameWay: 'Direction',
  frameBytes: 'Bytes',
  frameShown: 'Content (hexadecimal)',
  frameRepeated: 'Repeated',
  frameTimes: '{{times}} times since {{since}}',
  frameCut: '…the rest does not show',
  'frame.sent': 'sent',
  'frame.came': 'came',
  'frame.opened': 'opened',
  'frame.lost': 'lost',
  setUpNone:
    'No reader is set. The IT clerk connects one as below, writes its address, and opens the desk again.',
  setUpConnect: 'Connect',
  setUpAddress: 'Address',
  setUpSetting: 'Setting',
  'setUpCommand.reader-url':
    'It is written whole: the addresses of several readers in one, spaces between; on Windows in double quotes:',
  'setUpCommand.printer-url': 'On Windows in double quotes:',
  setUpRestart: 'Then open the desk again.',
  setUpLinux: 'Linux',
  setUpWindows: 'Windows',
  'setUp.resident-id-reader.connect':
    'A serial cable, or a USB adapter; lay a card down once its light is on. The rate is on its back, mostly 115200.',
  'setUp.resident-id-reader.linux':
    'The line is mostly /dev/ttyUSB0. The user at the window must be in the group dialout; log in again after:',
  'setUp.resident-id-reader.windows':
    'Install the driver of the reader or its adapter (CH340, PL2303, FTDI) first; Device Manager → Ports shows the COM number:',
  'setUp.social-security-reader.connect':
    'On USB it is a smart-card reader of the system (PC/SC); on a serial line write protocol=ccid. The card goes all the way in, chip first.',
  'setUp.social-security-reader.linux':
    'Install and start pcscd; with several, write the name of the reader, spaces as %20. pcsc_scan shows names:',
  'setUp.social-security-reader.windows':
    'The driver comes with the system; the service Smart Card must run. Device Manager → Smart card readers shows names:',
  'setUp.scanner.connect':
    'A scanner that types like a keyboard needs no setting. To name it, turn it to HID POS or serial with the codes of its manual.',
  'setUp.scanner.linux':
    'lsusb shows its two numbers of four digits; write a udev rule, pull the plug and put it in again:',
  'setUp.scanner.windows':
    'The HID driver comes with the system; Device Manager → Details → Hardware Ids shows VID and PID:',
  'setUp.stripe-reader.connect': 'On USB, as HID; swipe evenly with the stripe towards the head.',
  'setUp.stripe-reader.linux':
    'lsusb shows its two numbers of four digits; write a udev rule, pull the plug and put it in again:',
  'setUp.stripe-reader.windows':
    'The HID driver comes with the system; Device Manager → Details → Hardware Ids shows VID and PID:',
  'setUp.printer.connect':
    'In the network by its IP address, port 9100, or on a serial line. Models: generic-80, generic-58, gbk-80, epson-tm-80; silent-80, silent-58 for one that never answers.',
  'setUp.printer.linux':
    'Try ping first in the network; on a serial line the user at the window must be in the group dialout:',
  'setUp.printer.windows':
    'No printer driver is needed. The address in the network is the same; on a serial line write the COM number:',
};
