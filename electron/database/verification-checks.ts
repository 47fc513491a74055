/**
 * The checks SQL can make by itself. Each selects what is wrong: `about` is an id, `problem` says what. They
 * add up again from the rows, not with the code that wrote them, and hold nothing in memory that grows with
 * the number of settlements.
 */
export type SqlCheck = { readonly name: string; readonly queries: readonly string[] };

/** A claim that asks for money, or got its answer, and has not been replaced by another. */
const isLive = `claims.state not in ('withdrawn', 'corrected')`;

export const sqlChecks: readonly SqlCheck[] = [
  {
    name: 'shares-add-up',
    queries: [
      `select id as about, 'total ' || total_fen || ' fen is not shares + patient + hospital: '
          || shares || ' + ' || patient_pays_fen || ' + ' || hospital_bears_fen as problem
        from (select settlements.*, (select coalesce(sum(amount_fen), 0) from settlement_shares
          where settlement_id = settlements.id) as shares from settlements) as part
        where total_fen <> shares + patient_pays_fen + hospital_bears_fen`,
      `select id as about, 'tenders of ' || tenders || ' fen for ' || patient_pays_fen
          || ' less the deposit of ' || deposit_fen as problem
        from (select settlements.*, (select coalesce(sum(amount_fen), 0) from settlement_tenders
          where settlement_id = settlements.id) as tenders from settlements) as part
        where tenders <> patient_pays_fen - deposit_fen`,
    ],
  },
  {
    name: 'one-live-claim',
    queries: [
      `select share.settlement_id as about, 'the share of step ' || share.step || ' (' || share.amount_fen
          || ' fen) is an item of ' || items || ' live claims' as problem
        from (select settlement_shares.*, (select count(*) from claim_items
            join claims on claims.id = claim_items.claim_id
            where claim_items.settlement_id = settlement_shares.settlement_id
              and claim_items.step = settlement_shares.step
              and claim_items.payer = settlement_shares.payer
              and claim_items.amount_fen = settlement_shares.amount_fen
              and claims.settlement_id = settlement_shares.settlement_id
              and ${isLive}) as items
          from settlement_shares where amount_fen > 0) as share
        join settlements on settlements.id = share.settlement_id
        where settlements.state = 'settled' and items <> 1`,
      `select claims.id as about, 'the item of step ' || claim_items.step || ' is no share of a settlement that stands'
          as problem
        from claims join claim_items on claim_items.claim_id = claims.id
        where ${isLive} and not exists (select 1 from settlement_shares
          join settlements on settlements.id = settlement_shares.settlement_id
          where settlements.id = claims.settlement_id and settlements.state = 'settled'
            and settlement_shares.step = claim_items.step
            and settlement_shares.payer = claim_items.payer
            and settlement_shares.amount_fen = claim_items.amount_fen)`,
      `select id as about, 'claims ' || claimed_fen || ' fen but its items add up to ' || items as problem
        from (select claims.*, (select coalesce(sum(amount_fen), 0) from claim_items
          where claim_id = claims.id) as items from claims) as part
        where claimed_fen <> items`,
    ],
  },
  {
    name: 'counters',
    queries: [
      `select person_id || ' ' || year || ' ' || counter as about, value || ' is not ' || opening || ' + '
          || changes as problem
        from (select year_counters.*, (select coalesce(sum(change), 0)
            from settlement_counter_changes
            join settlements on settlements.id = settlement_counter_changes.settlement_id
            where settlement_counter_changes.person_id = year_counters.person_id
              and settlement_counter_changes.year = year_counters.year
              and settlement_counter_changes.counter = year_counters.counter
              and settlements.state = 'settled') as changes from year_counters) as part
        where value <> opening + changes`,
      `select settlement_id as about, 'changed the counter ' || counter || ', which is not there' as problem
        from settlement_counter_changes
        join settlements on settlements.id = settlement_counter_changes.settlement_id
        where settlements.state = 'settled' and not exists (select 1 from year_counters
          where year_counters.person_id = settlement_counter_changes.person_id
            and year_counters.year = settlement_counter_changes.year
            and year_counters.counter = settlement_counter_changes.counter)`,
      `select person_id || ' ' || year || ' ' || counter as about,
          'opens with ' || opening || ' though nothing was taken in' as problem
        from year_counters where opening <> 0 and not exists (select 1 from person_year_openings
          where person_year_openings.person_id = year_counters.person_id
            and person_year_openings.year = year_counters.year)`,
    ],
  },
  {
    name: 'visits-and-settlements',
    queries: [
      `select id as about, 'is ' || state || ' with ' || live || ' settlements that stand' as problem
        from (select visits.*, (select count(*) from settlements
          where visit_id = visits.id and state = 'settled') as live from visits) as part
        where (state = 'settled') <> (live > 0)`,
      `select settlements.id as about, 'settled bill ' || settlements.bill_version
          || ' of a visit whose bill is ' || visits.bill_version as problem
        from settlements join visits on visits.id = settlements.visit_id
        where settlements.state = 'settled' and settlements.bill_version <> visits.bill_version`,
      `select settlements.id as about, 'stands in the books as ' || settlements.state
          || ', its intent as ' || settlement_intents.state as problem
        from settlements join settlement_intents on settlement_intents.settlement_id = settlements.id
        where settlement_intents.number <> settlements.number
          or settlement_intents.state <> case settlements.state when 'settled' then 'recorded'
            else 'cancelled' end`,
      `select settlement_id as about, 'its intent says ' || state || ', but there is no settlement' as problem
        from settlement_intents where state in ('recorded', 'cancelled')
          and not exists (select 1 from settlements where id = settlement_id)`,
      `select id as about, 'is ' || state || ' with ' || cancelled || ' cancellations' as problem
        from (select settlements.*, (select count(*) from cancellations
          where settlement_id = settlements.id) as cancelled from settlements) as part
        where (state = 'cancelled') <> (cancelled = 1)`,
    ],
  },
  {
    name: 'numbers',
    queries: [
      `select business_date as about, 'the day counts ' || last || ' settlements, the highest number is '
          || case when highest > lost then highest else lost end as problem
        from (select number_days.*, (select coalesce(max(sequence), 0) from settlement_intents
            where settlement_intents.business_date = number_days.business_date) as highest,
          (select coalesce(max(numbers_lost.last), 0) from numbers_lost
            where numbers_lost.business_date = number_days.business_date) as lost
          from number_days) as part
        where last <> case when highest > lost then highest else lost end`,
      `select business_date as about, 'numbers were given on a day that counts none' as problem
        from settlement_intents where not exists (select 1 from number_days
          where number_days.business_date = settlement_intents.business_date)
        group by business_date`,
      // Numbers whose settlements were lost count as given: none is given again.
      `select business_date as about, 'of ' || last || ' numbers ' || given + lost || ' are there' as problem
        from (select number_days.*, (select count(*) from settlement_intents
            where settlement_intents.business_date = number_days.business_date) as given,
          (select coalesce(sum(numbers_lost.last - numbers_lost.first + 1), 0) from numbers_lost
            where numbers_lost.business_date = number_days.business_date) as lost
          from number_days) as part
        where last <> given + lost`,
      `select settlements.id as about, 'its entry ' || entry || ' in the audit is not that of its settling'
          as problem
        from settlements where not exists (select 1 from audit_entries
          where audit_entries.sequence = settlements.entry and audit_entries.about = settlements.id
            and audit_entries.act = 'settle-visit')`,
      `select 'audit' as about, 'the chain ends with ' || last || ', its head is ' || head as problem
        from (select coalesce((select max(sequence) from audit_entries), 0) as last,
          coalesce((select max(sequence) from audit_head), 0) as head) as part
        where last <> head`,
      `select 'audit' as about, 'the head of the chain is not the hash of its last entry' as problem
        from audit_head join audit_entries on audit_entries.sequence = audit_head.sequence
        where audit_entries.hash <> audit_head.hash`,
    ],
  },
  {
    name: 'packs-in-force',
    queries: [
      `select settlements.id as about, 'was settled by ' || pack || '@' || pack_version
          || ', whose text is not kept' as problem
        from settlements where program <> '' and pack not in ('self-pay', 'as-received')
          and exists (select 1 from packs_in_force)
          and not exists (select 1 from packs_in_force
            where packs_in_force.id = pack and packs_in_force.version = pack_version)`,
    ],
  },
  {
    name: 'print-jobs',
    queries: [
      `select id as about, 'has ' || originals || ' originals to print, not a receipt and a statement'
          as problem
        from (select settlements.*, (select count(distinct document) from print_jobs
          where settlement_id = settlements.id and copy_number = 0) as originals from settlements) as part
        where originals <> 2`,
      `select settlement_id as about, 'the copies of its ' || document || ' are not numbered in order'
          as problem
        from print_jobs group by settlement_id, document having max(copy_number) <> count(*) - 1`,
      `select print_jobs.id as about, 'waits to be printed though its settlement is cancelled' as problem
        from print_jobs join settlements on settlements.id = print_jobs.settlement_id
        where settlements.state = 'cancelled' and print_jobs.state = 'queued'
          and print_jobs.copy_number = 0`,
    ],
  },
  {
    name: 'hospital-files',
    queries: [
      `select id as about, 'has no file for the hospital''s system' as problem from settlements
        where not exists (select 1 from hospital_files
          where settlement_id = settlements.id and kind = 'settled')`,
      `select id as about, 'was cancelled without a file for the hospital''s system' as problem
        from settlements where state = 'cancelled' and not exists (select 1 from hospital_files
          where settlement_id = settlements.id and kind = 'cancelled')`,
    ],
  },
  {
    name: 'acts-are-audited',
    queries: [
      `select id as about, 'has no audit entry' as problem from settlements
        where not exists (select 1 from audit_entries
          where about = settlements.id and act = 'settle-visit')`,
      `select settlement_id as about, 'its cancellation has no audit entry' as problem from cancellations
        where not exists (select 1 from audit_entries
          where about = settlement_id and act = 'cancel-settlement')`,
      `select settlements.id as about, 'is of another day, part or bill than what was begun for it' as problem
        from settlements join settlement_intents on settlement_intents.settlement_id = settlements.id
        where settlements.business_date <> settlement_intents.business_date
          or settlements.part <> settlement_intents.part
          or settlements.bill_version <> settlement_intents.bill_version`,
      `select id as about, 'names a payer of none of its items' as problem from claims
        where exists (select 1 from claim_items where claim_id = claims.id)
          and not exists (select 1 from claim_items where claim_id = claims.id
            and claim_items.payer = claims.payer)`,
      `select claims.id as about, 'is of ' || claims.business_date || ', its settlement of ' || settlements.business_date
          as problem
        from claims join settlements on settlements.id = claims.settlement_id
        where claims.business_date <> settlements.business_date`,
      `select id as about, 'is adjusted or paid, and no remittance says so' as problem from claims
        where (adjusted_fen is not null or paid_fen is not null)
          and not exists (select 1 from remittance_lines
            join remittances on remittances.id = remittance_lines.remittance_id
            where remittance_lines.claim_id = claims.id and remittance_lines.state = 'booked'
              and remittances.state = 'taken')`,
    ],
  },
  {
    name: 'remittances',
    queries: [
      `select id as about, 'is paid ' || coalesce(paid_fen, 0) || ' and adjusted ' || coalesce(adjusted_fen, 0)
          || ' fen, and the remittances say ' || paid || ' and ' || adjusted as problem
        from (select claims.*, (select coalesce(sum(remittance_lines.paid_fen), 0) from remittance_lines
            join remittances on remittances.id = remittance_lines.remittance_id
            where remittance_lines.claim_id = claims.id and remittance_lines.state = 'booked'
              and remittances.state = 'taken') as paid,
          (select coalesce(sum(remittance_lines.adjusted_fen), 0) from remittance_lines
            join remittances on remittances.id = remittance_lines.remittance_id
            where remittance_lines.claim_id = claims.id and remittance_lines.state = 'booked'
              and remittances.state = 'taken') as adjusted from claims) as part
        where coalesce(paid_fen, 0) <> paid or coalesce(adjusted_fen, 0) <> adjusted`,
      `select id as about, 'is ' || state || ' with ' || coalesce(paid_fen, -1) || ' fen paid of ' || claimed_fen
          as problem
        from claims where (state = 'paid' and coalesce(paid_fen, -1) <> claimed_fen)
          or (state = 'short-paid' and (coalesce(paid_fen, 0) <= 0 or paid_fen >= claimed_fen))
          or (state = 'denied' and coalesce(paid_fen, -1) <> 0)
          or (state not in ('paid', 'short-paid', 'denied') and coalesce(paid_fen, 0) <> 0)`,
      `select id as about, 'says ' || line_count || ' lines with ' || paid_fen || ' fen, and has ' || lines
          || ' with ' || paid as problem
        from (select remittances.*,
          (select count(*) from remittance_lines where remittance_id = remittances.id) as lines,
          (select coalesce(sum(remittance_lines.claimed_fen), 0) from remittance_lines
            where remittance_id = remittances.id) as claimed,
          (select coalesce(sum(remittance_lines.approved_fen), 0) from remittance_lines
            where remittance_id = remittances.id) as approved,
          (select coalesce(sum(remittance_lines.adjusted_fen), 0) from remittance_lines
            where remittance_id = remittances.id) as adjusted,
          (select coalesce(sum(remittance_lines.paid_fen), 0) from remittance_lines
            where remittance_id = remittances.id) as paid from remittances) as part
        where line_count <> lines or claimed_fen <> claimed or approved_fen <> approved
          or adjusted_fen <> adjusted or paid_fen <> paid`,
      `select remittance_id || ' ' || position as about, 'is not booked, and no difference is kept of it' as problem
        from remittance_lines where state = 'difference' and not exists (select 1 from differences
          where differences.remittance_id = remittance_lines.remittance_id
            and differences.position = remittance_lines.position)`,
      `select remittance_lines.remittance_id || ' ' || position as about, 'is booked to a claim of another payer' as problem
        from remittance_lines join remittances on remittances.id = remittance_lines.remittance_id
        join claims on claims.id = remittance_lines.claim_id
        where remittance_lines.state = 'booked' and claims.destination <> remittances.payer`,
      `select id as about, 'the audit does not say that ' || taken_by || ' took it in' as problem from remittances
        where not exists (select 1 from audit_entries where sequence = remittances.entry
          and act = 'take-in-remittance' and about = remittances.id and who = taken_by)`,
      `select id as about, 'the audit does not say that ' || taken_back_by || ' took it back' as problem
        from remittances where state = 'taken-back' and not exists (select 1 from audit_entries
          where act = 'take-back-remittance' and about = remittances.id and who = taken_back_by)`,
      `select about, 'was taken in by entry ' || sequence || ' of the audit, and nothing is kept of it' as problem
        from audit_entries where act = 'take-in-remittance'
          and not exists (select 1 from remittances where id = audit_entries.about)`,
      `select id as about, 'is ' || state || ', and the audit does not say that ' || closed_by || ' did so' as problem
        from differences where state in ('explained', 'corrected') and not exists (select 1 from audit_entries
          where act in ('explain-difference', 'book-remittance-line') and about = differences.id
            and who = closed_by)`,
    ],
  },
  {
    name: 'closed-days',
    queries: [
      `select day_closes.business_date as about, 'is closed, and the difference ' || differences.id || ' is open' as problem
        from day_closes join differences on differences.business_date = day_closes.business_date
        where differences.state = 'open'`,
      `select business_date as about, 'the audit does not say that ' || closed_by || ' closed it' as problem
        from day_closes where not exists (select 1 from audit_entries where sequence = day_closes.entry
          and act = 'close-day' and about = business_date and who = closed_by)`,
      `select about, 'was closed by entry ' || sequence || ' of the audit, and is open' as problem
        from audit_entries where act = 'close-day'
          and not exists (select 1 from day_closes where business_date = audit_entries.about)`,
      `select business_date as about, 'is closed with ' || claims_here || ' claims on ' || payer || ', and has '
          || claims as problem
        from (select day_comparisons.*, (select count(*) from claims
            where claims.business_date = day_comparisons.business_date
              and claims.destination = day_comparisons.payer and claims.state not in ('withdrawn', 'corrected')) as claims,
          (select coalesce(sum(claims.claimed_fen), 0) from claims
            where claims.business_date = day_comparisons.business_date
              and claims.destination = day_comparisons.payer and claims.state not in ('withdrawn', 'corrected')) as claimed from day_comparisons) as part
        where (claims_here <> claims or claimed_fen <> claimed) and exists (select 1 from day_closes
          where day_closes.business_date = part.business_date)`,
    ],
  },
  {
    name: 'second-persons',
    queries: [
      `select id as about, 'was decided by ' || decided_by || ', and the audit never said so' as problem
        from second_person_requests as request where decided_by is not null
          and exists (select 1 from audit_entries where act = 'ask-second-person' and about = request.id)
          and not exists (select 1 from audit_entries where act in ('approve-request', 'refuse-request')
            and about = request.id and who = request.decided_by)`,
      `select id as about, 'is ' || state || ', and nobody asked for it by the audit' as problem
        from second_person_requests as request where state <> 'used'
          and not exists (select 1 from audit_entries where act = 'ask-second-person'
            and about = request.id and who = request.asked_by)`,
      `select id as about, 'was used, and the audit knows of no such act' as problem
        from second_person_requests as request where state = 'used'
          and not exists (select 1 from audit_entries where audit_entries.act = request.act
            and audit_entries.about = request.about and who = request.asked_by)`,
      `select about, 'is asked for by entry ' || sequence || ' of the audit, and nothing is kept of it' as problem
        from audit_entries where act = 'ask-second-person'
          and not exists (select 1 from second_person_requests where id = audit_entries.about)`,
    ],
  },
  {
    name: 'pack-approvals',
    queries: [
      `select pack || '@' || version as about, 'no audit entry says that ' || done_by || ' did: ' || act as problem
        from pack_acts where act <> 'settled-before' and not exists (select 1 from audit_entries
          where sequence = pack_acts.entry and audit_entries.act = pack_acts.act || '-pack'
            and who = done_by and about = pack || '@' || version)`,
      `select about, 'entry ' || sequence || ' of the audit says that ' || who || ' did: ' || act
          || ', and nothing is kept of it' as problem
        from audit_entries where act in ('prepare-pack', 'approve-pack', 'withdraw-pack')
          and not exists (select 1 from pack_acts where entry = audit_entries.sequence)`,
      `select approval.pack || '@' || approval.version as about,
          'what was approved is not what ' || approval.prepared_by || ' prepared' as problem
        from pack_acts as approval where approval.act = 'approve' and not exists (select 1 from pack_acts as prepared
          where prepared.id = approval.prepared_id and prepared.act = 'prepare'
            and prepared.pack = approval.pack and prepared.version = approval.version
            and prepared.fingerprint = approval.fingerprint and prepared.done_by = approval.prepared_by
            and prepared.done_by <> approval.done_by and prepared.entry < approval.entry)`,
      `select pack || '@' || version as about, 'counts as approved because it was settled by, and it was not' as problem
        from pack_acts where act = 'settled-before' and not exists (select 1 from settlements
          where settlements.pack = pack_acts.pack and settlements.pack_version = pack_acts.version
            and settlements.settled_at = pack_acts.at)`,
      `select id as about, 'was settled by ' || pack || '@' || pack_version || ', which nobody had approved' as problem
        from settlements where state = 'settled' and pack not in ('self-pay', 'as-received')
          and exists (select 1 from folder_facts where name = 'kind' and value_json = '"live"')
          and not exists (select 1 from pack_acts
            where pack_acts.pack = settlements.pack and pack_acts.version = settlements.pack_version
              and pack_acts.act in ('approve', 'settled-before') and pack_acts.folder_kind = 'live'
              and pack_acts.entry <= settlements.entry)`,
    ],
  },
];
