import { describe, expect, it } from 'vitest';

import { fen, type Fen } from '../../../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../../../shared/money/yuan-text.ts';
import type { SendOutcome, SettledClaim, WrittenClaim } from '../../channel.ts';
import { settledClaims } from '../../settled-claim.test-support.ts';
import { ownProfiles } from '../channels.ts';
import { claimMessage } from './claim-message.ts';
import { nationalProfile } from './national-profile.ts';
import { readAnswer } from './read-answer.ts';

// Defects seen in public clients of the national interface, by their number in insurers.md 1.10: those a message
// or the reading of an answer can have. Each is planted here in ours, and its check must notice.

type Client = {
  write(settled: SettledClaim): WrittenClaim;
  read(settled: SettledClaim, answer: Answer): SendOutcome;
};
type Answer = {
  readonly infcode: string;
  readonly err_msg: string;
  readonly output: Readonly<Record<string, unknown>>;
};
type Message = {
  readonly input: {
    readonly claim: Readonly<Record<string, string>>;
    readonly items: readonly Readonly<Record<string, string>>[];
  };
};

const profile = nationalProfile.parse(ownProfiles[0]?.content);
const nextClaim = await settledClaims('basic-medical-insurance');
const ours: Client = {
  write: (settled) => claimMessage(profile, settled),
  read: ({ claim }, answer) =>
    readAnswer(
      profile,
      { claim, isInDoubt: false },
      { status: 200, text: JSON.stringify({ inf_refmsgid: '1', ...answer }) },
    ),
};

function withItems(amounts: readonly number[]): SettledClaim {
  const settled = nextClaim();
  const items = amounts.map((amount, position) => ({
    position,
    step: `step-${String(position)}`,
    payer: settled.claim.destination,
    amountFen: fen(amount),
  }));
  const claimedFen = fen(amounts.reduce((sum, amount) => sum + amount, 0));
  return { ...settled, claim: { ...settled.claim, items, claimedFen } };
}

function echo({ claim }: SettledClaim, change: Answer['output'] = {}): Answer {
  const items = claim.items.map(({ position, amountFen }) => ({
    seq_no: String(position + 1),
    fund_pay_amt: yuanTextFromFen(amountFen),
    accp_flag: '1',
  }));
  const output = {
    msgid: claim.messageId,
    claim_id: claim.id,
    payer: claim.destination,
    setl_id: claim.settlementId,
    clm_sumamt: yuanTextFromFen(claim.claimedFen),
    items,
    ...change,
  };
  return { infcode: '0', err_msg: '', output };
}

function messageOf(client: Client, settled: SettledClaim): Message {
  const written = client.write(settled);
  if (written.kind !== 'written') throw new Error(written.problems.join());
  return JSON.parse(written.body) as Message;
}

function rewritten(settled: SettledClaim, change: (body: string) => string): WrittenClaim {
  const written = ours.write(settled);
  return written.kind === 'written' ? { ...written, body: change(written.body) } : written;
}

const yuan = (text: unknown): number => Math.round(Number(text) * 100);

/** A settlement on which the hospital earns: the payer's quota is above the bill. */
function withSurplus(): SettledClaim {
  const settled = nextClaim();
  const { result } = settled.settlement;
  const surplus = 12_345;
  const shares = result.shares.map((share, index) =>
    index === 0 ? { ...share, amountFen: fen(share.amountFen + surplus) } : share,
  );
  const hospitalBearsFen = fen(result.hospitalBearsFen - surplus);
  return {
    ...settled,
    settlement: { ...settled.settlement, result: { ...result, shares, hospitalBearsFen } },
  };
}

type Defect = {
  readonly number: number;
  readonly what: string;
  readonly check: (client: Client) => void;
  readonly planted: Client;
};

const defects: readonly Defect[] = [
  {
    number: 2,
    what: 'equal amounts vanish from a sum',
    check(client) {
      const settled = withItems([50_000, 50_000]);
      const { claim, items } = messageOf(client, settled).input;
      expect(items.map(({ fund_pay_amt }) => yuan(fund_pay_amt))).toEqual([50_000, 50_000]);
      expect(yuan(claim['clm_sumamt'])).toBe(100_000);
      expect(client.read(settled, echo(settled))).toMatchObject({ approvedFen: 100_000 });
    },
    planted: {
      ...ours,
      read(settled, answer) {
        const outcome = ours.read(settled, answer);
        if (outcome.kind !== 'accepted') return outcome;
        const amounts = new Set(settled.claim.items.map(({ amountFen }) => amountFen));
        const approvedFen = fen([...amounts].reduce<number>((sum, amount) => sum + amount, 0));
        return { ...outcome, approvedFen };
      },
    },
  },
  {
    number: 5,
    what: 'a message goes out without a field it must have',
    check(client) {
      const settled = nextClaim();
      const nameless = { ...settled.input, person: { ...settled.input.person, name: '' } };
      expect(client.write({ ...settled, input: nameless })).toEqual({
        kind: 'not-sendable',
        problems: ['claim.psn_name: missing'],
      });
    },
    planted: {
      ...ours,
      write(settled) {
        const { person } = settled.input;
        const named = { ...settled.input, person: { ...person, name: '某' } };
        return rewritten({ ...settled, input: named }, (body) =>
          body.replace('"psn_name":"某"', `"psn_name":"${person.name}"`),
        );
      },
    },
  },
  {
    number: 6,
    what: 'code 0 with an error passes for success',
    check(client) {
      const settled = nextClaim();
      const answer = { ...echo(settled), err_msg: '[LIMIT_REACHED] 超过年度限额' };
      expect(client.read(settled, answer).kind).not.toBe('accepted');
      const again = { ...settled, claim: { ...settled.claim, attempts: 1 } };
      expect(client.read(again, answer).kind).toBe('unknown');
    },
    planted: { ...ours, read: (settled, answer) => ours.read(settled, { ...answer, err_msg: '' }) },
  },
  {
    number: 9,
    what: 'a negative amount silently becomes zero',
    check(client) {
      const { claim } = messageOf(client, withSurplus()).input;
      const borne = ['fund_pay_sumamt', 'psn_part_amt', 'hosp_part_amt'].map((name) =>
        yuan(claim[name]),
      );
      expect(Math.min(...borne)).toBeLessThan(0);
      expect(borne.reduce((sum, part) => sum + part, 0)).toBe(yuan(claim['medfee_sumamt']));
    },
    planted: {
      ...ours,
      write: (settled) => rewritten(settled, (body) => body.replace(/"-\d+\.\d\d"/g, '"0.00"')),
    },
  },
  {
    number: 10,
    what: 'an empty text counts as zero',
    check(client) {
      const settled = nextClaim();
      for (const clm_sumamt of ['', ' ', null]) {
        expect(client.read(settled, echo(settled, { clm_sumamt }))).toMatchObject({
          kind: 'unknown',
          problem: { code: 'malformed-answer' },
        });
      }
    },
    planted: {
      ...ours,
      read(settled, answer) {
        const clm_sumamt = yuanTextFromFen(yuan(answer.output['clm_sumamt']) as Fen);
        return ours.read(settled, { ...answer, output: { ...answer.output, clm_sumamt } });
      },
    },
  },
  {
    number: 11,
    what: 'a total that differs from ours by 61.00 is accepted',
    check(client) {
      const settled = withItems([17_117_820]);
      const theirs = { seq_no: '1', fund_pay_amt: '171239.20', accp_flag: '1' };
      const answer = echo(settled, { clm_sumamt: '171239.20', items: [theirs] });
      expect(client.read(settled, answer).kind).toBe('unknown');
    },
    planted: {
      ...ours,
      read: ({ claim }, { infcode, err_msg }) =>
        infcode === '0' && err_msg === ''
          ? { kind: 'accepted', reference: claim.messageId, approvedFen: claim.claimedFen }
          : { kind: 'unknown', isSilent: false, problem: { code: infcode, words: err_msg } },
    },
  },
];

describe.each(defects)('defect $number of public clients, $what', ({ check, planted }) => {
  it('is not ours', () => {
    check(ours);
  });

  it('would be noticed', () => {
    expect(() => {
      check(planted);
    }).toThrow();
  });
});
