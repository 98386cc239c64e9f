-- What the readings of one tag were while an operation lasted, by a hash of them, as they stood when it was completed. What
-- comes later makes another version; none is ever changed.
create table traceability.reading_seal (
  id uuid primary key,
  run_id uuid not null,
  tag_id uuid not null,
  version integer not null check (version > 0),
  cause text not null check (cause in ('completed', 'asked', 'late', 'corrected')),
  about text not null check (about in ('parameter', 'environment')),
  -- As the operation calls it, and the path of the tag as it was then.
  name text not null,
  tag text not null,
  unit text not null,
  data_type text not null,
  from_at bigint not null,
  to_at bigint not null,
  -- Raw readings, the one that held at the start included.
  samples integer not null check (samples >= 0),
  first_at bigint,
  last_at bigint,
  -- Of the readings as text, a line each, and of the first four bytes of the hash of each line.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  marks_sha256 text not null check (marks_sha256 ~ '^[0-9a-f]{64}$'),
  -- What people corrected of them since, which the figures go by.
  corrections jsonb not null check (jsonb_typeof(corrections) = 'array'),
  least double precision,
  most double precision,
  mean double precision,
  coverage double precision not null check (coverage between 0 and 1),
  sealed_at bigint not null,
  unique (run_id, tag_id, version),
  check (from_at < to_at),
  check ((samples = 0) = (first_at is null) and (samples = 0) = (last_at is null))
);
create index reading_seal_tag on traceability.reading_seal (tag_id, to_at);

create function traceability.refuse_change_of_seal() returns trigger language plpgsql as $$
begin
  raise exception 'a seal on readings never changes' using errcode = 'restrict_violation',
    hint = 'what came later makes another version';
end $$;
create trigger reading_seal_is_immutable before update or delete on traceability.reading_seal
  for each row execute function traceability.refuse_change_of_seal();

-- By which of the readings that were sealed an altered or missing one is found. No record: the seal holds the hash of it.
create table traceability.reading_marks (
  seal_id uuid primary key,
  marks bytea not null
);

-- Operations whose readings are still to be sealed, or looked at again for what came late.
create table traceability.reading_look (
  run_id uuid primary key,
  since bigint not null,
  due_at bigint not null,
  looks integer not null,
  -- Of sealed readings that are not as they were: in words, told in the as-built record.
  finding text not null
);
create index reading_look_due on traceability.reading_look (due_at);
