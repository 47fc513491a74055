import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { DeskState } from '../../../shared/contracts/desk.ts';
import {
  payerMoods,
  trayCards,
  trayPaper,
  trayScans,
  type Tray,
  type TrayAct,
} from '../../../shared/contracts/demo.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';

type DemoTrayProps = {
  readonly call: Call;
  /** Asked anew with it: another page, or the key for reading, may have laid a card. */
  readonly desk: DeskState;
  readonly say: (words: Words) => string;
};

/** What a hand would do at a real desk: lay a card, scan, take the paper out. Only where everything is invented. */
export function DemoTray({ call, desk, say }: DemoTrayProps) {
  const { t } = useTranslation();
  const [tray, setTray] = useState<Tray | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const use = useCallback(
    (act: TrayAct): void => {
      void call('demo:use', act).then((answer) => {
        setRefusal(answer.ok ? null : answer.refusal);
        if (answer.ok) setTray(answer.value);
      });
    },
    [call],
  );
  useEffect(() => {
    void call('demo:tray', {}).then((answer) => {
      if (answer.ok) setTray(answer.value);
    });
  }, [call, desk]);
  if (tray === null) return null;
  return (
    <section className="demo-tray" aria-label={t('tray')} data-testid="demo-tray">
      <h2>{t('tray')}</h2>
      <p>{t('trayHint')}</p>
      <fieldset disabled={!tray.hasReader}>
        <legend>{t('trayCards')}</legend>
        {trayCards.map((card) => (
          <Button
            key={card}
            size="small"
            type={tray.card === card ? 'primary' : 'default'}
            aria-pressed={tray.card === card}
            data-testid={`tray-${card}`}
            onClick={() => {
              use({ act: 'lay', card, visitId: null });
            }}
          >
            {t(`trayCard.${card}`)}
          </Button>
        ))}
        <Button
          size="small"
          disabled={!tray.hasReader || tray.card === null}
          data-testid="tray-lift"
          onClick={() => {
            use({ act: 'lift' });
          }}
        >
          {t('trayLift')}
        </Button>
      </fieldset>
      <fieldset>
        <legend>{t('trayScanner')}</legend>
        {trayScans.map((what) => (
          <Button
            key={what}
            size="small"
            data-testid={`tray-${what}`}
            onClick={() => {
              use({ act: 'scan', what });
            }}
          >
            {t(`trayScan.${what}`)}
          </Button>
        ))}
      </fieldset>
      <fieldset disabled={tray.paper === null}>
        <legend>{t('trayPaper')}</legend>
        {trayPaper.map((paper) => (
          <Button
            key={paper}
            size="small"
            type={tray.paper === paper ? 'primary' : 'default'}
            aria-pressed={tray.paper === paper}
            data-testid={`tray-paper-${paper}`}
            onClick={() => {
              use({ act: 'paper', paper });
            }}
          >
            {t(`trayPaper.${paper}`)}
          </Button>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('trayPayers')}</legend>
        {payerMoods.map((mood) => (
          <Button
            key={mood}
            size="small"
            type={tray.payers === mood ? 'primary' : 'default'}
            aria-pressed={tray.payers === mood}
            data-testid={`tray-payers-${mood}`}
            onClick={() => {
              use({ act: 'payers', mood });
            }}
          >
            {t(`trayPayers.${mood}`)}
          </Button>
        ))}
      </fieldset>
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
    </section>
  );
}
