import { afterEach, describe, expect, it } from 'vitest';

import { systemClock } from './clock.ts';
import { movableClock } from './clock.test-support.ts';

const zoneBefore = process.env['TZ'];
afterEach(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

describe('the business date', () => {
  it.each(['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati'])(
    'is the day in Asia/Shanghai on a machine whose time zone is %s',
    (zone) => {
      process.env['TZ'] = zone;
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
      expect(movableClock('2026-12-31T15:59:59.999Z').businessDate()).toBe('2026-12-31');
      expect(movableClock('2026-12-31T16:00:00.000Z').businessDate()).toBe('2027-01-01');
    },
  );

  it('of a demo folder stays where the folder fixed it', () => {
    expect(systemClock('2017-11-27').businessDate()).toBe('2017-11-27');
  });
});
