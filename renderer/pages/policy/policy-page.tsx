import { Input, Tabs, type InputRef } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../shared/contracts/contract.ts';
import type { PackRow, ReadablePack } from '../../../shared/contracts/policies.ts';
import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { PageHead } from '../../components/page-head.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import type { Moment } from '../../components/moment.ts';
import { ApprovalTab } from './approval-tab.tsx';
import { Calculator } from './calculator.tsx';
import { CompareTab } from './compare-tab.tsx';
import { PackCases } from './pack-cases.tsx';
import { PackList } from './pack-list.tsx';
import { PackText } from './pack-text.tsx';
import { ReplayView } from './replay-view.tsx';

type PolicyPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  /** Of who sits here; null: nobody does. */
  readonly role: Role | null;
  readonly nav: ReactNode;
  /** What the desk underneath is at: a card may have been put on the reader meanwhile. */
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

type Policies = OutputOf<'policies:list'>;
type Tab = 'text' | 'cases' | 'calculator' | 'compare' | 'approval' | 'replay';

const keyOf = ({ pack, version }: PackRow): string => `${pack}@${version}`;

/** The packs of this folder: what they say, what their cases come to, and what they make of a bill. */
export function PolicyPage({ bridge, call, role, nav, deskMoment, onBack }: PolicyPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const search = useRef<InputRef>(null);
  const [policies, setPolicies] = useState<Policies | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<PackRow | null>(null);
  const [shown, setShown] = useState<ReadablePack | null>(null);
  const [tab, setTab] = useState<Tab>('text');
  const [caseIndex, setCaseIndex] = useState(0);
  /** How often something was done with a pack here, or somebody came back: each time everything is asked for again. */
  const [acts, setActs] = useState(0);
  useEffect(() => {
    void call('policies:list', {}).then((answer) => {
      if (!answer.ok) {
        setRefusal(answer.refusal);
        return;
      }
      setPolicies(answer.value);
      // What counts today comes first; who reads one already goes on reading it.
      const rows = answer.value.packs;
      setChosen(
        (before) =>
          rows.find((row) => before !== null && keyOf(row) === keyOf(before)) ??
          rows.find(({ state }) => state === 'in-force') ??
          rows[0] ??
          null,
      );
    });
  }, [call, acts]);
  useEffect(() => {
    if (chosen === null) return;
    let current = true;
    const { pack, version } = chosen;
    void call('policies:show', { pack, version }).then((answer) => {
      if (!current) return;
      setRefusal(answer.ok ? null : answer.refusal);
      setShown(answer.ok ? answer.value : null);
    });
    return () => {
      current = false;
    };
  }, [call, chosen]);
  // Who comes back from the editor sees what the files say now.
  useEffect(() => {
    const lookAgain = (): void => {
      setActs((count) => count + 1);
    };
    window.addEventListener('focus', lookAgain);
    return () => {
      window.removeEventListener('focus', lookAgain);
    };
  }, []);
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (policies?.packs ?? []).filter(({ pack, locality, scheme }) =>
      [pack, locality.zh, locality.en, scheme.zh, scheme.en].some((each) =>
        each.toLowerCase().includes(wanted),
      ),
    );
  }, [policies, text]);
  const choose = (row: PackRow): void => {
    setChosen(row);
    setCaseIndex(0);
  };
  usePolicyKeys({
    back: onBack,
    find: () => search.current?.focus({ cursor: 'all' }),
    move: (by) => {
      const at = found.findIndex((row) => chosen !== null && keyOf(row) === keyOf(chosen));
      const next = found[Math.min(found.length - 1, Math.max(0, at + by))];
      if (next !== undefined) choose(next);
    },
  });
  const isShown = shown !== null && chosen !== null && keyOf(shown.row) === keyOf(chosen);
  return (
    <div className="policy" data-testid="policy-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="policy-back" onBack={onBack} />
      <aside className="queue">
        <h2>{t('policies')}</h2>
        <div className="finder">
          <Input
            ref={search}
            allowClear
            size="small"
            prefix={<kbd>F3</kbd>}
            placeholder={t('policySearch')}
            aria-label={t('policySearch')}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
            }}
          />
        </div>
        {policies === null && refusal === null ? (
          <p className="note">{t('policyReading')}</p>
        ) : (
          <PackList rows={found} chosen={chosen} say={say} onChoose={choose} />
        )}
        {policies !== null && policies.problems.length > 0 ? (
          <div className="broken" role="alert" data-testid="broken-packs">
            <p>{t('policyBroken', { count: brokenPacksIn(policies) })}</p>
            <ul>
              {policies.problems.map(({ file, line, message, remedy }) => (
                <li key={`${file}:${String(line)}:${message.en}`}>
                  {file}:{line} {say(message)} — {say(remedy)}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </aside>
      <main className="pack">
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
        {!isShown ? (
          <p className="note">{t('policyReading')}</p>
        ) : (
          <Tabs
            // A pack of one version has nothing to compare: its text is shown instead.
            activeKey={
              tab === 'compare' && versionsBeside(policies, shown.row).length === 0 ? 'text' : tab
            }
            onChange={(key) => {
              setTab(key as Tab);
            }}
            items={[
              {
                key: 'text',
                label: t('tab.text'),
                children: <PackText pack={shown} say={say} />,
              },
              {
                key: 'cases',
                label: `${t('tab.cases')} ${String(shown.cases.length)}`,
                children: (
                  <PackCases
                    // What was unfolded of another pack is folded again.
                    key={keyOf(shown.row)}
                    cases={shown.cases}
                    isReplaced={shown.row.state === 'replaced'}
                    say={say}
                    onOpen={(index) => {
                      setCaseIndex(index);
                      setTab('calculator');
                    }}
                  />
                ),
              },
              {
                key: 'calculator',
                label: t('tab.calculator'),
                children: (
                  <Calculator
                    // Another pack or case is another calculation.
                    key={`${keyOf(shown.row)} ${String(caseIndex)} ${shown.row.approval.fingerprint}`}
                    call={call}
                    pack={shown}
                    caseIndex={caseIndex}
                    say={say}
                    onCase={setCaseIndex}
                  />
                ),
              },
              ...(versionsBeside(policies, shown.row).length === 0
                ? []
                : [
                    {
                      key: 'compare',
                      label: t('tab.compare'),
                      children: (
                        <CompareTab
                          key={`${keyOf(shown.row)} ${shown.row.approval.fingerprint}`}
                          call={call}
                          row={shown.row}
                          others={versionsBeside(policies, shown.row)}
                          say={say}
                        />
                      ),
                    },
                  ]),
              {
                key: 'approval',
                label: t('tab.approval'),
                children: (
                  <ApprovalTab
                    // What somebody has done since begins anew.
                    key={standingOf(shown.row)}
                    call={call}
                    pack={shown}
                    role={role}
                    say={say}
                    onDone={() => {
                      setActs((count) => count + 1);
                    }}
                  />
                ),
              },
              ...(mayReplay(role)
                ? [
                    {
                      key: 'replay',
                      label: t('tab.replay'),
                      children: (
                        <ReplayView bridge={bridge} call={call} pack={keyOf(shown.row)} say={say} />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </main>
    </div>
  );
}

/** Changes with whatever was done with a pack, and with its files. */
function standingOf(row: PackRow): string {
  const { state, fingerprint, waiting, approved, withdrawn } = row.approval;
  const acts = [waiting?.preparedId, approved?.at, withdrawn?.at].map(String);
  return [keyOf(row), state, fingerprint, ...acts].join(' ');
}

/** The other versions of a pack, the newest first. */
function versionsBeside(policies: Policies | null, { pack, version }: PackRow): readonly PackRow[] {
  return (policies?.packs ?? [])
    .filter((row) => row.pack === pack && row.version !== version)
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

/** One pack may have several problems; packs are counted. */
function brokenPacksIn({ problems }: Policies): number {
  return new Set(problems.map(({ file }) => file)).size;
}

type PolicyKeys = {
  readonly back: () => void;
  readonly find: () => void;
  readonly move: (by: number) => void;
};

/** Esc goes back, F3 finds, the arrows move in the list; a field that is being filled keeps its keys. */
function usePolicyKeys(keys: PolicyKeys): void {
  useWindowKeys((event) => {
    const { target, key } = event;
    const inField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const inList = target instanceof HTMLElement && target.closest('[role=listbox]') !== null;
    if (key === 'F3') {
      event.preventDefault();
      keys.find();
    } else if (key === 'Escape') {
      if (inField) target.blur();
      else if (document.querySelector('.ant-select-open') === null) keys.back();
    } else if (!inField && !inList && (key === 'ArrowDown' || key === 'ArrowUp')) {
      if (target instanceof HTMLElement && target.closest('.ant-tabs-content') !== null) return;
      event.preventDefault();
      keys.move(key === 'ArrowDown' ? 1 : -1);
    }
  });
}

/** What a policy would do to whom is for who decides on it and who audits it. */
const mayReplay = (role: Role | null): boolean =>
  role === 'policy-officer' || role === 'supervisor' || role === 'auditor';
