-- The rules by which alarms are made and judged: each version a row, none of them changed.
create table alarm.philosophy (
  id uuid primary key,
  version integer not null unique check (version > 0),
  content jsonb not null,
  reason text not null,
  recorded_by text not null,
  recorded_at bigint not null
);

-- Who is called for which alarms, and who next.
create table alarm.roster (
  id uuid primary key,
  name text not null,
  node_id uuid not null,
  priority integer not null check (priority between 1 and 4),
  time_zone text not null,
  hours jsonb not null,
  steps jsonb not null,
  active boolean not null
);

-- One call to one person or webhook for one occurrence.
create table alarm.call (
  id uuid primary key,
  seq bigint generated always as identity,
  occurrence_id uuid not null,
  definition_id uuid not null,
  node_id uuid not null,
  name text not null,
  message text not null,
  detail text not null,
  priority integer not null,
  occurred_at bigint not null,
  roster_id uuid not null references alarm.roster (id),
  step integer not null check (step >= 0),
  called_by text not null check (called_by in ('e-mail', 'webhook')),
  address text not null,
  -- What tells one from another: e-mail addresses differ not by case, webhooks do.
  address_key text not null,
  due_at bigint not null,
  -- When it is tried (again); a call whose sending began and did not end is not tried again by e-mail.
  try_at bigint not null,
  state text not null check (state in ('open', 'sending', 'sent', 'cancelled', 'failed')),
  attempts integer not null default 0,
  sent_at bigint,
  -- Told in one mail together with others.
  in_summary boolean not null default false,
  note text,
  check ((state = 'sent') = (sent_at is not null))
);
-- Nobody is called twice for one event.
create unique index call_once on alarm.call (occurrence_id, called_by, address_key);
create index call_due on alarm.call (try_at) where state = 'open';
create index call_under_way on alarm.call (id) where state = 'sending';
create index call_sent on alarm.call (called_by, address_key, sent_at) where state = 'sent';
create index call_due_at on alarm.call (due_at, seq);

-- What stood for longer than an hour, for the figures: few of many.
create index occurrence_long on alarm.occurrence (returned_at) where returned_at - at > 3600000000;
