-- Electronic signatures. What was signed is the manifest: this text and no other stands behind its hash.
create table identity.signature (
  id uuid primary key,
  record_kind text not null,
  record_id text not null,
  record_version int not null,
  -- Leaf hash of that version of the record, hex.
  record_hash text not null,
  meaning text not null,
  reason text not null,
  person_id uuid not null references identity.person (id),
  printed_name text not null,
  signed_at bigint not null,
  -- With the offset of that moment: 2026-11-22T21:05:03+01:00.
  local_time text not null,
  components text not null,
  manifest text not null,
  -- SHA-256 of the manifest's UTF-8, hex.
  manifest_hash text not null
);
create index signature_record on identity.signature (record_kind, record_id, signed_at);
create index signature_person on identity.signature (person_id, signed_at);

create trigger signature_kept before update or delete or truncate on identity.signature
  for each statement execute function platform.refuse_change();

-- One uninterrupted series of signings in a session (21 CFR 11.200(a)(1)).
create table identity.signing_series (
  session_id uuid primary key references identity.session (id),
  origin text,
  -- What began it, for people: name and password.
  began_with text not null,
  last_signed_at bigint not null
);

-- Failed attempts to sign with a person's name, kept over a restart. They lock signing and nothing else.
create table identity.signing_attempt (
  person_id uuid primary key references identity.person (id),
  failed_at bigint[] not null,
  locked_until bigint
);

-- What a passkey is about to sign: good for five minutes, once.
create table identity.signing_statement (
  -- Base64url of the SHA-256 of the statement.
  challenge text primary key,
  session_id uuid not null references identity.session (id),
  statement text not null,
  expires_at bigint not null
);
create index signing_statement_expiry on identity.signing_statement (expires_at);
