-- Documents that edge agents delivered: the original, and what was read out of it, lie in the store of files.
create table document.document (
  id uuid primary key,
  hash text not null unique,
  name text not null,
  kind text not null,
  agent text not null,
  connection text not null,
  size bigint not null,
  parsed_hash text not null,
  taken_at bigint not null,
  received_at bigint not null
);
