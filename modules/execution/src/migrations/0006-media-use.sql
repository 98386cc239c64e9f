-- A file is found by the entry that it is the answer of: who may see it, follows from there.
create index step_entry_blob on execution.step_entry ((value ->> 'blob')) where value ->> 'blob' is not null;
