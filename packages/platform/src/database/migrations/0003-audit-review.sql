-- Reviews of the audit trail, records themselves: changed only through the door, told in the ledger.
create table platform.audit_review (
  id uuid primary key,
  title text not null,
  window_from bigint not null,
  window_to bigint not null,
  -- Empty lists = all.
  operations text[] not null,
  record_kinds text[] not null,
  risks text[] not null,
  -- The entries of the window that were there at opening: those of transactions before this one, all of which had ended.
  horizon_era int not null,
  horizon_xid text not null,
  entries int not null,
  attention int not null,
  manual_changes int not null,
  refusals int not null,
  late int not null,
  clock int not null,
  administrators int not null,
  first_number bigint,
  last_number bigint,
  state text not null check (state in ('open', 'completed')),
  opened_at bigint not null,
  opened_by text not null,
  opened_by_name text not null,
  completed_at bigint,
  completed_by text,
  completed_by_name text,
  conclusion text,
  check ((state = 'completed') = (completed_at is not null and completed_by is not null and conclusion is not null))
);
create index audit_review_opened on platform.audit_review (opened_at desc, id);

create table platform.audit_review_finding (
  id uuid primary key,
  review_id uuid not null references platform.audit_review (id),
  entry_id uuid not null,
  text text not null,
  noted_at bigint not null,
  noted_by text not null,
  noted_by_name text not null
);
create index audit_review_finding_review on platform.audit_review_finding (review_id, noted_at);

create function platform.refuse_change_of_completed_review() returns trigger language plpgsql as $$
begin
  raise exception 'audit-trail review % is completed and never changes', old.id using errcode = 'restrict_violation';
end
$$;
create trigger audit_review_completed_is_immutable
  before update or delete on platform.audit_review
  for each row when (old.state = 'completed')
  execute function platform.refuse_change_of_completed_review();

-- Why a reviewer looks at an entry first; empty = routine. PostgreSQL reads no JSON with \u0000 in it, which a refused
-- input may hold: here another sign stands for it.
create function platform.audit_risks(actor_kind text, operation text, outcome text, at bigint, leaf text)
returns text[] language plpgsql immutable parallel safe as $$
declare
  told constant jsonb := replace(leaf, '\u0000', '\ufffd')::jsonb;
  -- Only these two name the moment that they tell of; a window that is asked for names no moment.
  moment constant jsonb := told #> case operation when 'historian.context.open' then '{input,from}'::text[]
    else '{input,at}' end;
begin
  return array_remove(array[
    case when outcome = 'done' and actor_kind = 'person' and (told #>> '{changes,count}')::int > 0
      then 'manual-change' end,
    case when outcome <> 'done' then 'refused' end,
    case when operation like '%.correct'
        or (jsonb_typeof(moment) = 'number' and (moment #>> '{}')::numeric < at - 3600000000) then 'late' end,
    case when told ->> 'clock' = 'unsynchronised' or operation = 'platform.clock.set' then 'clock' end,
    case when told #> '{actor,roles}' ? 'administrator' then 'administrator' end
  ], null);
end
$$;

-- What inspectors look for in a long trail: refusals, reasons, and what changed a kind of record.
create index audit_entry_refused on platform.audit_entry (seq) where outcome <> 'done';
create index audit_entry_reason on platform.audit_entry (seq) where reason is not null;
create index audit_entry_not_person on platform.audit_entry (actor_kind, seq) where actor_kind <> 'person';
create index record_change_kind on platform.record_change (record_kind, seq);
