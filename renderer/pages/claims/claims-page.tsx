import { Button } from 'antd';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { claimGroups, type ClaimRow } from '../../../shared/contracts/claims.ts';
import type { Role } from '../../../shared/contracts/contract.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { Moment } from '../../components/moment.ts';
import { ListPage } from '../../components/list-page.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow } from '../../components/use-long-list.ts';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { actsOn, type ClaimAct } from './claim-acts.ts';
import { ClaimDetail } from './claim-detail.tsx';
import { ClaimList } from './claim-list.tsx';
import { ClaimMatrix } from './claim-matrix.tsx';
import { DecisionWindow } from './decision-window.tsx';
import { UploadPanel } from './upload-panel.tsx';
import { useClaims, type Listed } from './use-claims.ts';

export type ClaimsPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly role: Role;
  readonly asksPassword: boolean;
  readonly nav: ReactNode;
  /** The buttons that lead to the days and back. */
  readonly tabs: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

const idOf = ({ claimId }: ClaimRow): string => claimId;

type Deciding = { readonly act: ClaimAct; readonly claim: ClaimRow };

/** The queue of claims: what waits where and for how long, what each payer said, and what to do about it. */
export function ClaimsPage({
  bridge,
  call,
  role,
  asksPassword,
  nav,
  tabs,
  deskMoment,
  onBack,
}: ClaimsPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  // What was refused is what needs a hand.
  const [listed, setListed] = useState<Listed>({ group: 'refused', destination: null });
  const queue = useClaims(bridge, call, listed);
  const { overview, list, refusal } = queue;
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const mayAct = role === 'it-clerk' || role === 'supervisor';
  const close = (): void => {
    setDeciding(null);
  };
  const start = (which: 'first' | 'second'): void => {
    if (chosen === null || deciding !== null) return;
    const act = actsOn(chosen, role)[which];
    if (act !== null) setDeciding({ act, claim: chosen });
  };
  const upload = (): void => {
    if (!mayAct || deciding !== null || overview === null) return;
    const isUnderWay = overview.upload.kind === 'under-way';
    if (!isUnderWay && overview.payersUrl === null) return;
    const { destination } = listed;
    const work = isUnderWay
      ? call('claims:stop-upload', {})
      : call('claims:upload', destination === null ? {} : { destination });
    void work.then((answer) => {
      list.say(answer.ok ? null : answer.refusal);
      queue.read();
    });
  };
  useListKeys({
    back: deciding === null ? onBack : close,
    move: (by) => {
      if (deciding === null) move(by);
    },
    first: () => {
      start('first');
    },
    second: () => {
      start('second');
    },
  });
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    if (ctrlKey || altKey || metaKey || repeat || deciding !== null) return;
    if (key === 'F9') {
      event.preventDefault();
      upload();
      return;
    }
    const isSideways = key === 'ArrowLeft' || key === 'ArrowRight';
    if (!isSideways || (target instanceof HTMLElement && target.closest('input') !== null)) return;
    event.preventDefault();
    const at = claimGroups.indexOf(listed.group) + (key === 'ArrowRight' ? 1 : -1);
    const group = claimGroups[at];
    if (group !== undefined) setListed({ ...listed, group });
  });
  const payer = overview?.payers.find(({ destination }) => destination === listed.destination);
  return (
    <ListPage
      testId="claims-page"
      backTestId="claims-back"
      {...{ nav, deskMoment, onBack }}
      beside={
        <>
          {tabs}
          {overview === null ? (
            <p className="note">{refusal === null ? t('claimsReading') : ''}</p>
          ) : (
            <>
              <ClaimMatrix
                overview={overview}
                language={language}
                listed={listed}
                onList={setListed}
              />
              <UploadPanel
                upload={overview.upload}
                payersUrl={overview.payersUrl}
                uploadAt={overview.uploadAt}
                language={language}
                say={say}
                mayUpload={mayAct}
                onUpload={upload}
                onStop={upload}
              />
            </>
          )}
        </>
      }
      over={
        deciding === null ? null : (
          <DecisionWindow
            key={deciding.claim.claimId}
            bridge={bridge}
            call={call}
            say={say}
            language={language}
            act={deciding.act}
            claim={deciding.claim}
            asksPassword={asksPassword}
            onDone={() => {
              close();
              queue.read();
            }}
            onRefused={queue.read}
            onClose={close}
          />
        )
      }
    >
      {refusal === null ? null : (
        <>
          <RefusalWords refusal={refusal} say={say} />
          <Button
            onClick={() => {
              list.say(null);
              queue.read();
            }}
          >
            {t('readAgainList')}
          </Button>
        </>
      )}
      <h2>
        {t(`claimGroup.${listed.group}`)}
        {payer === undefined ? '' : ` · ${payer.name[language]}`}
        <span className="soft">{t('claimKeys')}</span>
      </h2>
      {list.rows === null ? (
        <p className="note">{refusal === null ? t('claimsReading') : ''}</p>
      ) : (
        <ClaimList
          claims={rows}
          language={language}
          chosen={chosen}
          onChoose={choose}
          onEnd={list.readMore}
        />
      )}
      {chosen === null ? null : (
        <ClaimDetail
          claim={chosen}
          language={language}
          role={role}
          onAct={(act) => {
            setDeciding({ act, claim: chosen });
          }}
        />
      )}
    </ListPage>
  );
}
