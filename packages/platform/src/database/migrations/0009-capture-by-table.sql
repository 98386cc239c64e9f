-- Each table of records has a capturing function of its own from here on (`watch.ts`): what does not change from row to row
-- stands in it, where one for all of them had to work it out for each. The program makes them when it starts.

-- Stands where a capturing function looks for what was gathered before, and nobody opened the door.
create function platform.refuse_past_door(place text) returns text language plpgsql as $$
begin
  raise exception 'rows of % are changed only through the door', place
    using errcode = 'restrict_violation', hint = 'run an operation: the change needs its entry in the audit trail';
end
$$;

-- Moves what was gathered out of the setting, which has grown long.
create function platform.put_captured_aside() returns void language plpgsql as $$
begin
  insert into pg_temp.captured_change (lines) values (ltrim(current_setting('throughline.captured'), '+'));
  perform set_config('throughline.captured', '+', true);
end
$$;

-- What an entry changed stands in its transaction, and the index that seals leaves leads there; a kind of record leads
-- through the key. The check only repeats what the text says, which is what counts and is compared with the columns.
drop index platform.record_change_entry;
drop index platform.record_change_kind;
alter table platform.audit_entry drop constraint audit_entry_actor_kind_check;
