-- Six pieces lie in one oven at once: a node has one open interval of a kind and label, no longer one of a kind.
drop index historian.context_interval_open;
create unique index context_interval_open on historian.context_interval (node_id, kind, label)
  where is_current and to_at is null;
