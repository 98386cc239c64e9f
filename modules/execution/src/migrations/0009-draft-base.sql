-- From which version a draft was drawn, where somebody said so: parts of the version, so that it is signed with it.
create table execution.instruction_base (
  instruction_id uuid primary key references execution.instruction (id),
  drawn_from integer not null check (drawn_from > 0)
);
create table execution.work_definition_base (
  definition_id uuid primary key references execution.work_definition (id),
  drawn_from integer not null check (drawn_from > 0)
);
