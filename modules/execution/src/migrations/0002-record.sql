-- What was recorded of a step of an operation. A correction is an entry of its own that names the one before it.
create table execution.step_entry (
  id uuid primary key,
  run_id uuid not null references execution.run (id),
  step text not null,
  -- The piece that it is about; null = the whole operation.
  subject uuid,
  value jsonb not null,
  within boolean,
  limits jsonb,
  reason text not null,
  at bigint not null,
  recorded_at bigint not null,
  by_id text not null,
  by_name text not null,
  offline jsonb,
  corrects uuid references execution.step_entry (id),
  -- Of material: which lot, how much, and what it went into.
  consumed jsonb,
  -- Of a signature: SHA-256 over the entries that stood when it was made.
  covers text
);
create index step_entry_run on execution.step_entry (run_id, recorded_at);
-- An entry is corrected once; what is wrong with the correction is corrected there.
create unique index step_entry_corrected_once on execution.step_entry (corrects) where corrects is not null;
create unique index step_entry_once
  on execution.step_entry (run_id, step, coalesce(subject, '00000000-0000-0000-0000-000000000000'))
  where corrects is null;

-- Signatures on entries: of a step that is signed, and of the second person who confirms one.
create table execution.step_signature (
  id uuid primary key,
  entry_id uuid not null references execution.step_entry (id),
  kind text not null check (kind in ('signed', 'verified')),
  signature_id uuid not null,
  by_id text not null,
  by_name text not null,
  at bigint not null,
  unique (entry_id, kind)
);

-- Pictures, videos, pages and models in the blob store.
create table execution.media (
  hash text primary key,
  content_type text not null,
  bytes integer not null check (bytes > 0),
  stored_by text not null,
  stored_at bigint not null
);

create table execution.logbook (
  id uuid primary key,
  node_id uuid not null,
  kind text not null check (kind in ('equipment', 'cleaning', 'area', 'shift')),
  name text not null,
  templates jsonb not null,
  version integer not null check (version > 0),
  state text not null check (state in ('open', 'closed')),
  -- Why its forms are as they are.
  reason text not null
);
create unique index logbook_once on execution.logbook (node_id, kind, lower(name));

create table execution.logbook_entry (
  id uuid primary key,
  logbook_id uuid not null references execution.logbook (id),
  number integer not null check (number > 0),
  template text not null,
  -- The form that it was made by, as it was then.
  form jsonb not null,
  "values" jsonb not null,
  text text not null,
  order_code text,
  at bigint not null,
  recorded_at bigint not null,
  by_id text not null,
  by_name text not null,
  corrects uuid references execution.logbook_entry (id),
  reason text not null,
  unique (logbook_id, number)
);
create index logbook_entry_at on execution.logbook_entry (logbook_id, at);
create unique index logbook_entry_corrected_once on execution.logbook_entry (corrects) where corrects is not null;

-- Stretches of a book that somebody read and signed.
create table execution.logbook_review (
  id uuid primary key,
  logbook_id uuid not null references execution.logbook (id),
  from_at bigint not null,
  to_at bigint not null check (from_at < to_at),
  entries integer not null check (entries > 0),
  -- SHA-256 over the entries that were read.
  covers text not null,
  comment text not null,
  reviewed_by text not null,
  reviewed_at bigint not null
);
create index logbook_review_logbook on execution.logbook_review (logbook_id, reviewed_at);

create function execution.refuse_change_of_entry() returns trigger language plpgsql as $$
begin
  raise exception 'what was recorded never changes: it is corrected by another entry' using errcode = 'restrict_violation';
end $$;
create trigger step_entry_is_immutable before update or delete on execution.step_entry
  for each row execute function execution.refuse_change_of_entry();
create trigger step_signature_is_immutable before update or delete on execution.step_signature
  for each row execute function execution.refuse_change_of_entry();
create trigger media_is_immutable before update or delete on execution.media
  for each row execute function execution.refuse_change_of_entry();
create trigger logbook_entry_is_immutable before update or delete on execution.logbook_entry
  for each row execute function execution.refuse_change_of_entry();
create trigger logbook_review_is_immutable before update or delete on execution.logbook_review
  for each row execute function execution.refuse_change_of_entry();
