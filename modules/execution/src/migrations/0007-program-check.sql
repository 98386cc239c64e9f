-- What the gate found of the program that a machine had loaded when work on an operation began, or went on.
create table execution.program_check (
  id uuid primary key,
  run_id uuid not null references execution.run (id),
  occasion text not null check (occasion in ('start', 'resume')),
  expected_name text not null,
  expected_sha256 text not null,
  -- Null = the machine did not tell; of the hash: it told the name alone.
  loaded_name text,
  loaded_sha256 text,
  verdict text not null check (verdict in ('same', 'same-name', 'other', 'unknown')),
  at bigint not null,
  check ((verdict = 'unknown') = (loaded_name is null)),
  check (loaded_sha256 is null or loaded_name is not null)
);
create index program_check_run on execution.program_check (run_id, at);
create trigger program_check_is_immutable before update or delete on execution.program_check
  for each row execute function execution.refuse_change_of_entry();
