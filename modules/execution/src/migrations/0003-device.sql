-- Keys with which stations sign what they record without a connection; a replaced one stays for what it signed.
create table execution.device_key (
  id uuid primary key,
  device uuid not null,
  public_key jsonb not null,
  registered_by text not null,
  registered_at bigint not null,
  replaced_at bigint
);
create unique index device_key_current on execution.device_key (device) where replaced_at is null;

-- Who signed in at a station, in which session: only their entries are taken from it.
create table execution.device_person (
  id uuid primary key,
  device uuid not null,
  person_id uuid not null,
  session_id uuid not null,
  since bigint not null,
  unique (device, session_id)
);

-- Every entry that a station delivered, whatever became of it.
create table execution.device_entry (
  id uuid primary key,
  device uuid not null,
  sequence integer not null check (sequence > 0),
  operation text not null,
  input jsonb not null,
  person_id uuid not null,
  device_at bigint not null,
  previous text not null,
  hash text not null,
  signature text not null,
  outcome text not null check (outcome in ('recorded', 'refused')),
  code text,
  message text,
  -- Of a step: the entry that came of it.
  made uuid,
  node_id uuid,
  delivered_by text not null,
  delivered_by_name text not null,
  delivered_at bigint not null,
  clock_difference_ms double precision not null,
  unique (device, sequence),
  check ((outcome = 'refused') = (code is not null))
);
create index device_entry_made on execution.device_entry (made) where made is not null;
create index device_entry_refused on execution.device_entry (delivered_at) where outcome = 'refused';
create trigger device_entry_is_immutable before update or delete on execution.device_entry
  for each row execute function execution.refuse_change_of_entry();

-- What was made offline is told by what the device delivered.
alter table execution.step_entry drop column offline;
