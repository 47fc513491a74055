import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Frame } from '../../../shared/contracts/devices.ts';
import { foldFrames } from './fold-frames.ts';
import { clockTime } from '../../components/shanghai-time.ts';
import type { LogHold } from './use-log-hold.ts';

type FrameTableProps = {
  readonly hold: LogHold;
  /** Puts the log on the clipboard. */
  readonly onCopy: () => Promise<void>;
  /** Whether that went well; null: it was not asked for. */
  readonly copied: boolean | null;
};

const signs = { sent: '→', came: '←', opened: '●', lost: '✕' } as const;

/** What went over the line, the newest first. It stands still while one reads it. */
export function FrameTable({ hold, onCopy, copied }: FrameTableProps) {
  const { t } = useTranslation();
  const { shown, held, news } = hold;
  const folded = useMemo(() => foldFrames(shown), [shown]);
  const [focused, setFocused] = useState(false);
  return (
    <div className="frame-log">
      <p className="acts">
        <Button size="small" aria-pressed={held} data-testid="log-hold" onClick={hold.toggle}>
          {t(held ? 'logGoOn' : 'logHold')} <kbd>F4</kbd>
        </Button>
        <Button size="small" data-testid="log-copy" onClick={() => void onCopy()}>
          {t('logCopy')} <kbd>F6</kbd>
        </Button>
        <span className="soft" role="status" data-testid="log-state">
          {held ? t('logHeld', { count: news }) : t('logRuns')}
          {copied === null ? '' : ` · ${t(copied ? 'logCopied' : 'logNotCopied')}`}
        </span>
        <span className="soft push">{t('logMasked')}</span>
      </p>
      <div
        className="frames"
        data-testid="frames"
        role="region"
        aria-label={t('deviceTab.log')}
        tabIndex={0}
        onMouseEnter={() => {
          hold.look(true);
        }}
        onMouseLeave={() => {
          if (!focused) hold.look(false);
        }}
        onFocus={() => {
          setFocused(true);
          hold.look(true);
        }}
        onBlur={() => {
          setFocused(false);
          hold.look(false);
        }}
      >
        <table>
          <thead>
            <tr>
              <th>{t('frameTime')}</th>
              <th>{t('frameWay')}</th>
              <th className="figure">{t('frameBytes')}</th>
              <th>{t('frameShown')}</th>
              <th>{t('frameRepeated')}</th>
            </tr>
          </thead>
          {folded.map(({ frames, times, since }, group) => (
            <tbody
              key={`${frames[0]?.at ?? ''} ${String(group)}`}
              className={times === 1 ? undefined : 'repeated'}
            >
              {frames.map((frame, index) => (
                <tr key={index} data-what={frame.what}>
                  <td className="when">{clockTime(frame.at)}</td>
                  <td className="way">
                    {signs[frame.what]} {t(`frame.${frame.what}`)}
                  </td>
                  <td className="figure">{frame.bytes === 0 ? '' : frame.bytes}</td>
                  <td>
                    <Shown frame={frame} />
                  </td>
                  {index === 0 ? (
                    <td rowSpan={frames.length} className="soft">
                      {times === 1 ? '' : t('frameTimes', { times, since: clockTime(since) })}
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
        {folded.length === 0 ? <p className="note">{t('logEmpty')}</p> : null}
      </div>
    </div>
  );
}

function Shown({ frame }: { readonly frame: Frame }) {
  const { t } = useTranslation();
  if (frame.what === 'opened' || frame.what === 'lost') return <>{frame.shown}</>;
  return (
    <>
      <code>{spaced(frame.shown)}</code>
      {frame.cut ? <span className="soft"> {t('frameCut')}</span> : null}
    </>
  );
}

/** `aa969b` as manuals print it: `AA 96 9B`. */
export function spaced(hexadecimal: string): string {
  return hexadecimal.toUpperCase().replace(/..(?=.)/g, '$& ');
}
