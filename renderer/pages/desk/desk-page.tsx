import { Button, type InputRef } from 'antd';
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';

import type { PrintJobView } from '../../../shared/contracts/documents.ts';
import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { LastKept } from '../../api/last-kept.ts';
import { Dialog } from '../../components/dialog.tsx';
import type { Moment } from '../../components/moment.ts';
import { BillWindow } from './bill-window.tsx';
import { CancelWindow } from './cancel-window.tsx';
import { BusinessDateWindow, dateDoubtOf } from './business-date-window.tsx';
import { ClauseWindow } from './clause-window.tsx';
import { canCancel, isOnlyHere, isUnsure } from './desk-flow.ts';
import type { KeyAct } from './key-act.ts';
import { DemoTray } from './demo-tray.tsx';
import { KeyHelp } from './key-help.tsx';
import { MiddlePanel } from './middle-panel.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { ReprintWindow } from './reprint-window.tsx';
import { saveFile } from '../../components/save-file.ts';
import { SidePanel } from './side-panel.tsx';
import { StateBar } from './state-bar.tsx';
import { TenderWindow } from './tender-window.tsx';
import { useDesk } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useScans } from './use-scans.ts';

type DeskPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly kept: LastKept;
  /** Another page covers the desk: the desk keeps its state and ignores keys. */
  readonly active: boolean;
  readonly nav: ReactNode;
  readonly onMoment: (moment: Moment) => void;
};

/** What covers the desk. */
type Overlay =
  | { readonly kind: 'none' }
  | { readonly kind: 'bill' | 'tenders' | 'reprint' | 'cancel' | 'business-date' | 'help' }
  | { readonly kind: 'clause'; readonly step: string };

const noOverlay: Overlay = { kind: 'none' };

/** The five faces the cashier knows; the others belong to one of them. */
const faces: readonly Moment[] = ['waiting', 'checking', 'paying', 'printing', 'done'];
const faceOf: Readonly<Record<Moment, Moment>> = {
  waiting: 'waiting',
  choosing: 'waiting',
  asking: 'waiting',
  loading: 'waiting',
  problem: 'checking',
  checking: 'checking',
  paying: 'paying',
  confirming: 'paying',
  settling: 'paying',
  printing: 'printing',
  done: 'done',
  settled: 'done',
};

export function DeskPage({ bridge, call, kept, active, nav, onMoment }: DeskPageProps) {
  const { t, i18n } = useTranslation();
  const desk = useDesk(bridge, call);
  const lastCopied = useSyncExternalStore(kept.subscribe, kept.get);
  const { flow, send } = desk;
  const finder = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const [overlay, setOverlay] = useState<Overlay>(noOverlay);
  const [paperRefusal, setPaperRefusal] = useState<Refusal | null>(null);
  const [readsProxy, setReadsProxy] = useState(false);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const close = (): void => {
    setOverlay(noOverlay);
  };
  useEffect(() => {
    document.body.dataset['moment'] = flow.moment;
    onMoment(flow.moment);
    // A patient who opens takes the screen: a field that keeps the focus would swallow the desk's Enter.
    if (flow.moment !== 'waiting') finder.current?.blur();
  }, [flow.moment, onMoment]);
  useEffect(() => {
    document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  }, [language]);

  const open = (visitId: string): void => {
    // A field that keeps the focus would swallow the Enter that belongs to the desk.
    finder.current?.blur();
    setText('');
    setPaperRefusal(null);
    send({ type: 'open-visit', visitId });
  };
  const next = (): void => {
    setText('');
    close();
    finder.current?.blur();
    setPaperRefusal(null);
    send({ type: 'next-patient' });
  };
  const { settlement } = flow;
  const keepRefusal = (answer: Result<unknown>): void => {
    setPaperRefusal(answer.ok ? null : answer.refusal);
  };
  const printAgain = (reason: string): void => {
    close();
    if (settlement === null) return;
    const { settlementId } = settlement;
    void call('documents:print-again', { settlementId, document: 'receipt', reason }).then(
      keepRefusal,
    );
  };
  const openStatement = (): void => {
    if (settlement === null) return;
    void call('documents:open-statement', { settlementId: settlement.settlementId }).then(
      (answer) => {
        keepRefusal(answer);
        if (answer.ok) saveFile(answer.value.fileName, answer.value.pdfBase64);
      },
    );
  };
  const answerPrint = (job: PrintJobView, cameOut: boolean): void => {
    void call('documents:answer-unknown-print', { printJobId: job.printJobId, cameOut }).then(
      (answer) => {
        keepRefusal(answer);
        desk.refreshState();
      },
    );
  };
  const noteProxy = (): void => {
    const { visitId, moment } = flow;
    if (visitId === null || readsProxy || !(moment === 'checking' || moment === 'paying')) return;
    setPaperRefusal(null);
    setReadsProxy(true);
    void call('card:note-proxy', { visitId }).then((answer) => {
      setReadsProxy(false);
      if (answer.ok) send({ type: 'proxy', visitId, proxy: answer.value });
      else setPaperRefusal(answer.refusal);
    });
  };
  const show = (
    kind: 'bill' | 'tenders' | 'reprint' | 'cancel' | 'business-date' | 'help',
  ): void => {
    setOverlay({ kind });
  };
  const acts = {
    forward: () => {
      send({ type: 'forward', atMs: performance.now() });
    },
    confirm: () => {
      send({ type: 'confirm', atMs: performance.now() });
    },
    back: () => {
      setPaperRefusal(null);
      send({ type: 'back', atMs: performance.now() });
    },
    next,
    readAgain: desk.readCard,
    viewBill: () => {
      show('bill');
    },
    chooseTenders: () => {
      show('tenders');
    },
    printAgain: () => {
      show('reprint');
    },
    cancelSettlement: () => {
      if (canCancel(flow)) show('cancel');
    },
    openStatement,
    noteProxy,
    approveDate: () => {
      show('business-date');
    },
  };
  const onKey = (act: KeyAct): void => {
    if (overlay.kind !== 'none') {
      if (act === 'back') close();
      return;
    }
    const run: Readonly<Record<KeyAct, () => void>> = {
      forward: acts.forward,
      confirm: acts.confirm,
      back:
        text === ''
          ? acts.back
          : () => {
              setText('');
              finder.current?.blur();
            },
      next: flow.moment === 'settling' ? () => undefined : next,
      'read-again': desk.readCard,
      find: () => finder.current?.focus({ cursor: 'all' }),
      bill: () => {
        if (flow.preview !== null) show('bill');
      },
      tenders: () => {
        if (flow.moment === 'paying') show('tenders');
      },
      'print-again': () => {
        if (settlement !== null) show('reprint');
      },
      'cancel-settlement': acts.cancelSettlement,
      proxy: noteProxy,
      help: () => {
        show('help');
      },
      up: () => {
        send({ type: 'move', by: -1 });
      },
      down: () => {
        send({ type: 'move', by: 1 });
      },
      'type-to-find': () => finder.current?.focus(),
    };
    run[act]();
  };
  useDeskKeys(active, flow.moment, onKey, (pasted) => {
    setText(pasted);
    finder.current?.focus();
  });

  useScans(active, (scanned) => {
    setText('');
    desk.takeScan(scanned);
  });

  // A card that gave nobody is still the waiting for a card.
  const faceOfFlow = flow.visitId === null ? 'waiting' : faceOf[flow.moment];
  const doubt = dateDoubtOf(flow);
  const onlyHere = isOnlyHere(lastCopied, desk.state);
  const dueFen = flow.preview?.result.due.toCollectFen;
  return (
    <div className="desk" hidden={!active}>
      <header className="head">
        <h1>{t('title')}</h1>
        {nav}
        <ol className="moments">
          {faces.map((face) => (
            <li key={face} aria-current={faceOfFlow === face ? 'step' : undefined}>
              {face === 'done' && onlyHere ? t('moment.doneHere') : t(`moment.${face}`)}
            </li>
          ))}
        </ol>
        <span className="push" />
        {desk.state?.folder.kind === 'demo' ? (
          <span className="demo-mark" data-testid="demo-mark">
            {t('demo')} · {t('businessDate')} {desk.state.businessDate}
          </span>
        ) : null}
        <Button
          size="small"
          onClick={() => {
            show('help');
          }}
        >
          F1 {t('help')}
        </Button>
        <Button
          size="small"
          data-testid="language"
          onClick={() => void i18n.changeLanguage(language === 'zh' ? 'en' : 'zh')}
        >
          {t('language')}
        </Button>
      </header>
      <QueuePanel
        call={call}
        version={desk.visitsVersion}
        openVisitId={flow.visitId}
        finderRef={finder}
        text={text}
        onText={(typed) => {
          setText(typed);
          if (typed !== '') send({ type: 'find' });
        }}
        onOpen={open}
      />
      <MiddlePanel
        onlyHere={onlyHere}
        flow={flow}
        desk={desk.state}
        say={say}
        onOpen={open}
        onClause={(step) => {
          setOverlay({ kind: 'clause', step });
        }}
        onAnswerPrint={answerPrint}
      />
      <SidePanel
        flow={flow}
        paperRefusal={paperRefusal}
        readsProxy={readsProxy}
        say={say}
        acts={acts}
        tray={
          desk.state?.folder.kind === 'demo' ? (
            <DemoTray call={call} desk={desk.state} say={say} />
          ) : null
        }
      />
      <StateBar desk={desk.state} say={say} />
      {desk.link === 'lost' ? (
        <div className="lost" role="alert" data-testid="connection-lost">
          <strong>{t('lostTitle')}</strong> {t(isUnsure(flow) ? 'lostUnsure' : 'lost')}
        </div>
      ) : null}
      {overlay.kind === 'bill' && flow.preview !== null ? (
        <BillWindow call={call} preview={flow.preview} language={language} onClose={close} />
      ) : null}
      {overlay.kind === 'clause' && flow.preview !== null ? (
        <ClauseWindow preview={flow.preview} step={overlay.step} say={say} onClose={close} />
      ) : null}
      {overlay.kind === 'tenders' && dueFen !== undefined ? (
        <TenderWindow
          dueFen={dueFen}
          onChoose={(tenders) => {
            send({ type: 'tenders', tenders });
            close();
          }}
          onClose={close}
        />
      ) : null}
      {overlay.kind === 'reprint' ? <ReprintWindow onPrint={printAgain} onClose={close} /> : null}
      {overlay.kind === 'cancel' && settlement !== null ? (
        <CancelWindow
          settlement={settlement}
          say={say}
          asksPassword={desk.state?.folder.kind === 'live'}
          bridge={bridge}
          call={call}
          onCancelled={() => {
            // The stay is open again: the desk shows what would be settled now.
            send({ type: 'open-visit', visitId: settlement.visitId });
          }}
          onClose={close}
        />
      ) : null}
      {overlay.kind === 'business-date' && doubt !== null ? (
        <BusinessDateWindow
          doubt={doubt}
          say={say}
          asksPassword={desk.state?.folder.kind === 'live'}
          bridge={bridge}
          call={call}
          onApproved={() => {
            // The amount is worked out again, and confirmed by the cashier, under the date that now holds.
            if (flow.visitId !== null) send({ type: 'open-visit', visitId: flow.visitId });
          }}
          onClose={close}
        />
      ) : null}
      {overlay.kind === 'help' ? (
        <Dialog open title={t('help')} footer={null} onCancel={close}>
          <KeyHelp />
        </Dialog>
      ) : null}
    </div>
  );
}
