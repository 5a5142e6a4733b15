//! Compiled code on disk: used where it is right, and never where it is not.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    thread,
    time::SystemTime,
};

use admit::{
    Callout, CodeCache, Engine, ErrorKind, FileOptions, Limits, Policy, PolicyOptions, PolicySet,
    Prepare,
};
use admit_tests::{build_components, component, corpus};
use serde_json::json;
use tempfile::TempDir;

/// A folder as a cache needs it, below one that is ours alone.
fn folder() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("a/b");
    (home, folder)
}

fn report(cache: Option<&CodeCache>, prepare: Prepare) -> String {
    build_components();
    let options = FileOptions {
        prepare,
        cache: cache.cloned(),
        ..FileOptions::default()
    };
    let set = corpus().join("sets/partners/admit.toml");
    let set = PolicySet::from_file_with(set, options).unwrap();
    let payload = fs::read(corpus().join("callouts/10-answers-all-kinds.flat.json")).unwrap();
    let callout = Callout::parse(&payload).unwrap();
    set.evaluate(&callout, "2026-11-20T12:00:00Z".parse().unwrap())
        .to_json()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = (fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    entries
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// When each entry was written; a hit leaves the file that it is, and says when it was used.
fn inodes(folder: &Path) -> Vec<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let entries = entries(folder);
    entries
        .iter()
        .map(|path| path.metadata().unwrap().ino())
        .collect()
}

#[test]
fn the_answer_is_the_same() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    assert_eq!(cache.folder(), folder.canonicalize().unwrap());
    assert_eq!(mode(&folder), 0o700);
    for prepare in [Prepare::EachTime, Prepare::Snapshot] {
        let without = report(None, prepare);
        assert_eq!(report(Some(&cache), prepare), without);
        let written = inodes(&folder);
        assert_eq!(report(Some(&cache), prepare), without);
        assert_eq!(inodes(&folder), written, "nothing was compiled again");
    }
    // Three components, and what each is once it is configured.
    let entries = entries(&folder);
    assert_eq!(entries.len(), 6);
    assert!(entries.iter().all(|entry| mode(entry) == 0o600));
}

/// One entry each for what is compiled of a policy.
fn load(cache: &CodeCache, limits: Limits, domain: &str) -> bool {
    let engine = Engine::with_cache(limits, cache.clone()).unwrap();
    let options = PolicyOptions {
        settings: json!({"allowed-domains": [domain]}),
        ..PolicyOptions::default()
    };
    let policy = Policy::from_bytes(&engine, "p", &component("partner_domains"), options).unwrap();
    policy.is_snapshotted()
}

#[test]
fn an_entry_is_of_component_settings_limits_and_engine() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    let mut expected = 0;
    for (limits, domain, more) in [
        (Limits::default(), "a.example", 2),
        (Limits::default(), "a.example", 0),
        (Limits::default(), "b.example", 1),
        // What `configure` may use can change what comes of it, and not the code of the component.
        (
            Limits {
                fuel: Some(1_000_000),
                ..Limits::default()
            },
            "a.example",
            1,
        ),
        (
            Limits {
                fuel: None,
                ..Limits::default()
            },
            "a.example",
            2,
        ),
        // These are of the machine that evaluates.
        (
            Limits {
                concurrency: 3,
                ..Limits::default()
            },
            "a.example",
            0,
        ),
    ] {
        expected += more;
        assert!(load(&cache, limits.clone(), domain));
        assert_eq!(entries(&folder).len(), expected, "{limits:?} {domain}");
    }
}

#[test]
fn what_is_damaged_or_of_something_else_is_compiled_again() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    let without = report(None, Prepare::Snapshot);
    report(Some(&cache), Prepare::Snapshot);
    let whole: Vec<_> = (entries(&folder).into_iter())
        .map(|path| (fs::read(&path).unwrap(), path))
        .collect();

    type Damage = fn(&[u8], &[u8]) -> Vec<u8>;
    let damages: [(&str, Damage); 6] = [
        ("a bit", |bytes, _| {
            let mut bytes = bytes.to_vec();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        }),
        ("the digest", |bytes, _| {
            let mut bytes = bytes.to_vec();
            bytes[8] ^= 1;
            bytes
        }),
        ("cut", |bytes, _| bytes[..bytes.len() - 1].to_vec()),
        ("longer", |bytes, _| [bytes, b"x"].concat()),
        ("empty", |_, _| Vec::new()),
        ("another's", |_, other| other.to_vec()),
    ];
    for (what, damage) in damages {
        for (index, (bytes, path)) in whole.iter().enumerate() {
            let (other, _) = &whole[(index + 1) % whole.len()];
            fs::write(path, damage(bytes, other)).unwrap();
        }
        assert_eq!(report(Some(&cache), Prepare::Snapshot), without, "{what}");
        for (bytes, path) in &whole {
            let found = fs::read(path).unwrap();
            assert!(found == *bytes, "{what}: written again as it was");
        }
    }
}

#[test]
fn what_others_could_have_written_is_not_used() {
    let (home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    assert!(load(&cache, Limits::default(), "a.example"));
    let before = inodes(&folder);

    // An entry that others may write, and one that leads elsewhere, are replaced.
    let [one, two] = entries(&folder).try_into().unwrap();
    set_mode(&one, 0o666);
    // A file with another name may have been written by whoever may write there.
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&two, &elsewhere).unwrap();
    symlink(&elsewhere, &two).unwrap();
    assert!(load(&cache, Limits::default(), "a.example"));
    let after = inodes(&folder);
    assert!(
        before
            .iter()
            .zip(&after)
            .all(|(before, after)| before != after)
    );
    assert_eq!(mode(&one), 0o600);
    assert!(two.symlink_metadata().unwrap().is_file());

    let refused = |folder: &Path, problem: &str| {
        let error = CodeCache::open(folder).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains(problem), "{error}");
    };
    for mode in [0o777, 0o720, 0o702, 0o1777] {
        set_mode(&folder, mode);
        refused(
            &folder,
            &format!("others may write there (mode {mode:04o})"),
        );
    }
    set_mode(&folder, 0o700);
    // Who may write the folder above can put another in its place.
    let above = folder.parent().unwrap();
    set_mode(above, 0o777);
    refused(&folder, "others may write there (mode 0777)");
    // But not where only owners may rename, as in /tmp.
    set_mode(above, 0o1777);
    CodeCache::open(&folder).unwrap();
    set_mode(above, 0o755);
    CodeCache::open(&folder).unwrap();

    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    refused(&file, "the folder cannot be made");
    refused(&file.join("below"), "the folder cannot be made");
}

#[test]
fn threads_share_it() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    let without = report(None, Prepare::Snapshot);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    assert_eq!(report(Some(&cache), Prepare::Snapshot), without);
                }
            });
        }
    });
    assert_eq!(entries(&folder).len(), 6, "nothing half written is left");
}

#[test]
fn what_cannot_be_kept_is_compiled() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    fs::remove_dir(&folder).unwrap();
    assert_eq!(
        report(Some(&cache), Prepare::Snapshot),
        report(None, Prepare::Snapshot)
    );
    assert!(!folder.exists());
}

/// A component that cannot start configured is not tried again; one that does needs no other code.
#[test]
fn what_starts_configured_is_all_that_is_needed() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    assert!(load(&cache, Limits::default(), "a.example"));
    let all = entries(&folder);
    let of_component = all
        .iter()
        .filter(|entry| {
            fs::remove_file(entry).unwrap();
            let is_snapshotted = load(&cache, Limits::default(), "a.example");
            assert!(is_snapshotted);
            // What was made again is the component's only if the rest was not enough.
            !entry.exists()
        })
        .count();
    assert_eq!(of_component, 1);

    let engine = Engine::with_cache(Limits::default(), cache).unwrap();
    let component = admit_tests::example(admit_build::Language::JavaScript);
    let load = || {
        let options = PolicyOptions {
            settings: json!({"packages": []}),
            ..PolicyOptions::default()
        };
        Policy::from_bytes(&engine, "p", &component, options).unwrap()
    };
    let before = entries(&folder).len();
    assert!(!load().is_snapshotted());
    let kept = inodes(&folder);
    assert_eq!(
        kept.len(),
        before + 2,
        "its code, and that there is no more"
    );
    assert!(!load().is_snapshotted());
    assert_eq!(inodes(&folder), kept);
}

/// The entries that were not used for longest go first.
#[test]
fn there_is_an_end_to_it() {
    let (_home, folder) = folder();
    let cache = CodeCache::open(&folder).unwrap();
    let large = |name: &str, seconds: u64| {
        let path = folder.join(name);
        let file = fs::File::create(&path).unwrap();
        file.set_len(300 * 1024 * 1024).unwrap();
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
        path
    };
    let (older, newer) = (large("older.code", 1), large("newer.code", 2));
    assert!(load(&cache, Limits::default(), "a.example"));
    assert!(!older.exists());
    assert!(newer.exists());
    assert_eq!(entries(&folder).len(), 3);
}
