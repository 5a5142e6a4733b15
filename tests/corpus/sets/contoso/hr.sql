-- What Contoso knows about its people: the script that makes `hr.db`, from which `admit.toml`
-- takes its facts. All of it is made up.
--
--     BLESS=1 cargo test --release -p admit-tests --test contoso -- script
--
-- writes `hr.db` anew after a change; without BLESS the test compares the two. Where there is no
-- `hr.db`, `sqlite3 hr.db < hr.sql` makes one as well.
--
-- Ids are GUIDs in lower case with hyphens, as policies ask for them. Instants are RFC 3339 in UTC
-- to the second, so that the order of the texts is that of time.

pragma page_size = 1024;
pragma foreign_keys = on;

create table person (
    id text primary key, -- object id in Entra
    name text not null,
    mail text not null unique,
    manager text references person, -- null: nobody is above
    cost_center text -- null: not known
) strict, without rowid;

create table package (
    id text primary key, -- id of the access package
    name text not null
) strict, without rowid;

create table assignment (
    person text not null references person,
    package text not null references package,
    state text not null check (state in ('delivering', 'delivered', 'expired')),
    primary key (person, package)
) strict, without rowid;

create table completion (
    person text not null references person,
    course text not null,
    finished text not null check (finished like '____-__-__T__:__:__Z'),
    primary key (person, course, finished)
) strict, without rowid;

create table ticket (
    number text primary key,
    state text not null check (state in ('open', 'in progress', 'closed')),
    requested_for text not null references person
) strict, without rowid;

create table licence (
    package text primary key references package,
    bought integer not null check (bought >= 0)
) strict, without rowid;

-- Managers come before those whom they manage.
insert into person (id, name, mail, manager, cost_center) values
    ('0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'Astrid Lindqvist', 'astrid.lindqvist@contoso.example', null, 'CC-4700'),
    ('0a000014-0004-4090-a108-2acf5e04ab80', 'Ines Carvalho', 'ines.carvalho@contoso.example', '0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'CC-4711'),
    ('0a000001-0004-400b-a011-2ac39fe6a35d', 'Noor Halvorsen', 'noor.halvorsen@contoso.example', '0a000014-0004-4090-a108-2acf5e04ab80', 'CC-4711'),
    ('0a000021-0004-40eb-a1b1-2ad636d5325b', 'Kwame Boateng', 'kwame.boateng@contoso.example', '0a000014-0004-4090-a108-2acf5e04ab80', 'CC-4711'),
    ('0a000022-0004-40f2-a1be-2ad6bce3457e', 'Priya Raman', 'priya.raman@contoso.example', '0a000014-0004-4090-a108-2acf5e04ab80', 'CC-4711'),
    ('0a000023-0004-40f9-a1cb-2ad742f158a1', 'Yuki Tanabe', 'yuki.tanabe@contoso.example', '0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'CC-4712'),
    ('0a000009-0004-4043-a079-2ac891a270e5', 'Tomas Ekberg', 'tomas.ekberg@contoso.example', '0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'CC-4720'),
    ('0a000024-0004-4100-a1d8-2ad7c8ff6bc4', 'Jonas Weidner', 'jonas.weidner@contoso.example', '0a000009-0004-4043-a079-2ac891a270e5', 'CC-4720'),
    ('0a000025-0004-4107-a1e5-2ad84f0d7ee7', 'Marek Novotny', 'marek.novotny@contoso.example', '0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'CC-4730'),
    ('0a000026-0004-410e-a1f2-2ad8d51b920a', 'Sofia Brandt', 'sofia.brandt@contoso.example', '0a000025-0004-4107-a1e5-2ad84f0d7ee7', null),
    ('0a000027-0004-4115-a1ff-2ad95b29a52d', 'Emeka Adeyemi', 'emeka.adeyemi@contoso.example', '0a000025-0004-4107-a1e5-2ad84f0d7ee7', 'CC-4730');

insert into package (id, name) values
    ('0d000001-0007-400e-a014-d13244aa029e', 'Finance Reporting - Read'),
    ('0d000007-0007-4038-a062-d135f9f6dcc4', 'SAP FI - Accounts Payable clerk'),
    ('0d000020-0007-40e7-a1a7-d14424c3b1f5', 'SAP FI - Payment run'),
    ('0d000004-0007-4023-a03b-d1341f506fb1', 'Privileged Admin Account'),
    ('0d000021-0007-40ee-a1b4-d144aad1c518', 'Design Studio'),
    ('0d000022-0007-40f5-a1c1-d14530dfd83b', 'Diagram Studio');

insert into assignment (person, package, state) values
    -- Kwame Boateng pays, Yuki Tanabe enters invoices; Noor Halvorsen has stopped paying.
    ('0a000021-0004-40eb-a1b1-2ad636d5325b', '0d000020-0007-40e7-a1a7-d14424c3b1f5', 'delivered'),
    ('0a000023-0004-40f9-a1cb-2ad742f158a1', '0d000007-0007-4038-a062-d135f9f6dcc4', 'delivered'),
    ('0a000001-0004-400b-a011-2ac39fe6a35d', '0d000020-0007-40e7-a1a7-d14424c3b1f5', 'expired'),
    ('0a000009-0004-4043-a079-2ac891a270e5', '0d000004-0007-4023-a03b-d1341f506fb1', 'delivered'),
    -- Three seats of Design Studio are used, one of Diagram Studio.
    ('0a000025-0004-4107-a1e5-2ad84f0d7ee7', '0d000021-0007-40ee-a1b4-d144aad1c518', 'delivered'),
    ('0a000026-0004-410e-a1f2-2ad8d51b920a', '0d000021-0007-40ee-a1b4-d144aad1c518', 'delivered'),
    ('0a000020-0004-40e4-a1a4-2ad5b0c71f38', '0d000021-0007-40ee-a1b4-d144aad1c518', 'delivering'),
    ('0a000027-0004-4115-a1ff-2ad95b29a52d', '0d000021-0007-40ee-a1b4-d144aad1c518', 'expired'),
    ('0a000026-0004-410e-a1f2-2ad8d51b920a', '0d000022-0007-40f5-a1c1-d14530dfd83b', 'delivered');

-- SEC-100 is information security, SOX-210 financial controls. Noor Halvorsen has taken the first
-- one twice; Yuki Tanabe lacks the second, Emeka Adeyemi both.
insert into completion (person, course, finished) values
    ('0a000020-0004-40e4-a1a4-2ad5b0c71f38', 'SEC-100', '2026-05-04T08:15:00Z'),
    ('0a000014-0004-4090-a108-2acf5e04ab80', 'SEC-100', '2026-02-11T14:02:31Z'),
    ('0a000014-0004-4090-a108-2acf5e04ab80', 'SOX-210', '2025-09-15T09:40:00Z'),
    ('0a000001-0004-400b-a011-2ac39fe6a35d', 'SEC-100', '2025-01-14T10:05:12Z'),
    ('0a000001-0004-400b-a011-2ac39fe6a35d', 'SEC-100', '2026-01-12T10:21:45Z'),
    ('0a000001-0004-400b-a011-2ac39fe6a35d', 'SOX-210', '2025-03-03T13:30:00Z'),
    ('0a000021-0004-40eb-a1b1-2ad636d5325b', 'SEC-100', '2026-03-02T07:55:20Z'),
    ('0a000021-0004-40eb-a1b1-2ad636d5325b', 'SOX-210', '2026-03-04T16:00:00Z'),
    ('0a000022-0004-40f2-a1be-2ad6bce3457e', 'SEC-100', '2025-11-20T12:00:00Z'),
    ('0a000022-0004-40f2-a1be-2ad6bce3457e', 'SOX-210', '2026-01-19T11:11:00Z'),
    ('0a000023-0004-40f9-a1cb-2ad742f158a1', 'SEC-100', '2026-06-22T03:45:10Z'),
    ('0a000009-0004-4043-a079-2ac891a270e5', 'SEC-100', '2026-01-30T12:34:56Z'),
    ('0a000024-0004-4100-a1d8-2ad7c8ff6bc4', 'SEC-100', '2026-09-01T09:00:00Z'),
    ('0a000025-0004-4107-a1e5-2ad84f0d7ee7', 'SEC-100', '2025-08-05T15:20:00Z'),
    ('0a000026-0004-410e-a1f2-2ad8d51b920a', 'SEC-100', '2026-04-14T08:00:00Z');

insert into ticket (number, state, requested_for) values
    ('RITM0004650', 'closed', '0a000024-0004-4100-a1d8-2ad7c8ff6bc4'),
    ('RITM0004711', 'in progress', '0a000024-0004-4100-a1d8-2ad7c8ff6bc4'),
    ('RITM0004802', 'open', '0a000009-0004-4043-a079-2ac891a270e5');

insert into licence (package, bought) values
    ('0d000021-0007-40ee-a1b4-d144aad1c518', 4),
    ('0d000022-0007-40f5-a1c1-d14530dfd83b', 5);
