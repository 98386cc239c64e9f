-- Keys are looked up by their own name; their time serves to forget them, once an hour, in the order in which they came: a
-- few pages tell that as well as an index that every operation has to write.
drop index platform.idempotency_at;
create index idempotency_at on platform.idempotency using brin (at) with (autosummarize = on);
