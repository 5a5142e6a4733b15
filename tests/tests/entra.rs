//! What `docs/entra.md` shows works: the script sends the engine's answer and nothing else, the
//! Logic App reads members that a report has, the bodies have Graph's names.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a page that does not hold is a failed test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use admit::{Answer, Callout, Effect, PolicySet, Prepare, Report, Stage};
use admit_tests::{Case, blocks, build_components, cases, corpus, page, root};
use cargo_metadata::Message;
use serde_json::Value;

const PAGE: &str = "docs/entra.md";
const TOKEN: &str = "made-up";
const CREATED: &str = "partners-01-request-created";
const DETERMINING: &str = "partners-07-determining-approval";

/// The bodies of the page in order: extension, callback configuration, role, actions.
fn bodies() -> [Value; 4] {
    let parsed: Vec<Value> = blocks(&page(PAGE), "json")
        .iter()
        .map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}")))
        .collect();
    parsed.try_into().unwrap()
}

fn case(name: &str) -> Case {
    let mut cases = cases().into_iter();
    cases.find(|case| case.name == name).unwrap()
}

fn set(case: &Case) -> PolicySet {
    build_components();
    PolicySet::from_file_with(&case.set, Prepare::EachTime).unwrap()
}

fn report(case: &Case) -> Report {
    report_of(&set(case), case)
}

fn report_of(set: &PolicySet, case: &Case) -> Report {
    let callout = Callout::parse(&fs::read(&case.callout).unwrap()).unwrap();
    set.evaluate(&callout, case.now.parse().unwrap())
}

/// A JSON pointer to everything that is not a container, with its value.
fn leaves(value: &Value) -> BTreeMap<String, &Value> {
    fn walk<'v>(value: &'v Value, at: &str, out: &mut BTreeMap<String, &'v Value>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    walk(value, &format!("{at}/{name}"), out);
                }
            }
            leaf => {
                out.insert(at.to_owned(), leaf);
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(value, "", &mut out);
    out
}

fn assert_timeout(callback: &Value) {
    let timeout: jiff::SignedDuration = callback["timeoutDuration"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let (least, most) = (5, 14 * 24 * 60);
    assert!((least..=most).contains(&timeout.as_mins()), "{timeout}");
}

/// Microsoft's example says `durationBeforeTimeout`, and leaves a `#` out; Graph's schema has
/// neither.
#[test]
fn the_extension_is_the_published_one() {
    let published = "seed-examples/create-1-request-extension.request.json";
    let published = fs::read_to_string(corpus().join(published)).unwrap();
    let published: Value = serde_json::from_str(&published).unwrap();
    let [extension, approvers, ..] = bodies();

    let names: BTreeSet<_> = leaves(&published)
        .into_keys()
        .map(|name| name.replace("durationBeforeTimeout", "timeoutDuration"))
        .collect();
    assert_eq!(
        leaves(&extension).into_keys().collect::<BTreeSet<_>>(),
        names
    );
    for (name, value) in leaves(&published) {
        if let (true, Some(value)) = (name.ends_with("/@odata.type"), value.as_str()) {
            let shown = leaves(&extension)[&name].as_str().unwrap();
            assert_eq!(shown, format!("#{}", value.trim_start_matches('#')));
        }
    }

    let callback = &extension["callbackConfiguration"];
    let members = |value: &Value| leaves(value).into_keys().collect::<Vec<_>>();
    assert_eq!(members(&approvers), members(callback));
    assert_eq!(
        approvers["@odata.type"],
        "#microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration"
    );
    assert_timeout(callback);
    assert_timeout(&approvers);
}

#[test]
fn the_role_is_for_one_catalog() {
    let [_, _, role, _] = bodies();
    let names: Vec<_> = leaves(&role).into_keys().collect();
    assert_eq!(names, ["/appScopeId", "/principalId", "/roleDefinitionId"]);
    let scope = role["appScopeId"].as_str().unwrap();
    assert!(scope.starts_with("/AccessPackageCatalog/"), "{scope}");
}

#[test]
fn the_stages_wait_as_the_code_says() {
    let page = page(PAGE);
    for stage in Stage::ALL.iter().filter(|stage| stage.is_evaluated()) {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{stage}` | ")))
            .unwrap_or_else(|| panic!("no row for {stage}"));
        let waits = if stage.can_be_answered() { "yes" } else { "no" };
        assert!(row.ends_with(&format!(" | {waits} |")), "{row}");
    }
}

#[test]
fn an_approval_stage_is_typed_as_said() {
    let body: Value =
        serde_json::from_str(&report(&case(DETERMINING)).resume().unwrap().body()).unwrap();
    let determining = Stage::AssignmentRequestDeterminingApprovalRequirements;
    assert_eq!(body["data"]["stage"], determining.as_str());
    let kind = body["type"].as_str().unwrap();
    assert!(kind.ends_with(".assignmentRequestCreated"), "{kind}");
    assert!(matches!(
        determining.answer(Effect::Deny),
        Answer::Withhold(_)
    ));
}

/// The member of what `Evaluate` returned that an expression reads, as a JSON pointer.
fn reads(expression: &Value) -> String {
    let expression = expression.as_str().unwrap();
    let (_, steps) = expression.split_once("body('Evaluate')").unwrap();
    steps
        .split("?['")
        .skip(1)
        .map(|step| format!("/{}", step.split('\'').next().unwrap()))
        .collect()
}

#[test]
fn the_logic_app_sends_what_the_report_says() {
    let [.., actions] = bodies();
    let gate = &actions["Is_there_an_answer"];
    let resume = &gate["actions"]["Resume"];
    let inputs = &resume["inputs"];
    let with_answer: Value = serde_json::from_str(&report(&case(CREATED)).to_json()).unwrap();
    let answer = &with_answer["answer"];

    assert_eq!(resume["type"], "Http");
    assert_eq!(resume["operationOptions"], "DisableAsyncPattern");
    let authentication = &inputs["authentication"];
    assert_eq!(authentication["type"], "ManagedServiceIdentity");
    assert_eq!(authentication["audience"], "https://graph.microsoft.com");
    assert_eq!(inputs["method"], answer["method"]);
    assert_eq!(inputs["headers"], answer["headers"]);
    let uri = inputs["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("@concat('https://graph.microsoft.com', body("),
        "{uri}"
    );
    assert_eq!(
        with_answer.pointer(&reads(&inputs["uri"])),
        Some(&answer["path"])
    );
    assert_eq!(
        with_answer.pointer(&reads(&inputs["body"])),
        Some(&answer["body"])
    );

    // What is compared with null is an object in one report and null in the other.
    let [tested, null] = gate["expression"]["and"][0]["not"]["equals"]
        .as_array()
        .unwrap()
        .as_slice()
    else {
        panic!("a comparison of two: {gate}");
    };
    assert_eq!(null, "@null");
    assert!(with_answer.pointer(&reads(tested)).unwrap().is_object());
    let without = report(&case("partners-18-connection-test")).to_json();
    let without: Value = serde_json::from_str(&without).unwrap();
    assert!(without.pointer(&reads(tested)).unwrap().is_null());
    assert_eq!(gate["runAfter"]["Evaluate"][0], "Succeeded");
    assert_eq!(actions["Evaluate"]["inputs"]["body"], "@triggerBody()");
}

/// Links to files are files; links by name are defined, and no definition is left over.
#[test]
fn the_links_lead_somewhere() {
    let page = page(PAGE);
    let defined: BTreeSet<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: https://"))
        .map(|(name, _)| name)
        .collect();
    let targets = |opening: &str, closing: char| -> BTreeSet<_> {
        let links = page.split(opening).skip(1);
        links
            .map(|link| link.split(closing).next().unwrap())
            .collect()
    };
    assert_eq!(targets("][", ']'), defined);
    for file in targets("](", ')') {
        if !file.starts_with('#') {
            assert!(root().join("docs").join(file).is_file(), "{file}");
        }
    }
}

/// The command line as it is now; where nothing changed, cargo does nothing.
fn admit() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--release", "--locked", "--package", "admit-cli"])
            .args(["--quiet", "--message-format", "json-render-diagnostics"])
            .current_dir(root())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "admit-cli does not build");
        Message::parse_stream(&output.stdout[..])
            .find_map(|message| match message.unwrap() {
                Message::CompilerArtifact(artifact) => artifact.executable,
                _ => None,
            })
            .unwrap()
            .into()
    })
}

#[derive(Debug, PartialEq)]
struct Request {
    line: String,
    /// Names in lower case.
    headers: BTreeMap<String, String>,
    body: String,
}

/// Stands in for Graph: gives its replies in order, the last one again and again, and keeps what
/// was asked.
struct Graph {
    address: SocketAddr,
    server: JoinHandle<Vec<Request>>,
}

impl Graph {
    fn serve(replies: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let mut requests = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&stream) else { break };
                let reply = replies.get(requests.len()).or(replies.last()).unwrap();
                requests.push(request);
                stream.write_all(reply.as_bytes()).unwrap();
            }
            requests
        });
        Self { address, server }
    }

    /// Every request that came. A connection without one ends the server.
    fn requests(self) -> Vec<Request> {
        drop(TcpStream::connect(self.address).unwrap());
        self.server.join().unwrap()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let line = next();
    if line.is_empty() {
        return None;
    }
    let mut headers = BTreeMap::new();
    loop {
        let header = next();
        let Some((name, value)) = header.split_once(": ") else {
            break;
        };
        let twice = headers.insert(name.to_ascii_lowercase(), value.to_owned());
        assert_eq!(twice, None, "{header}");
    }
    let length = headers.get("content-length").unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Some(Request {
        line,
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}

const TAKEN: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

/// The page's script in a folder of its own, which is its home as well: nobody's settings of curl.
struct Script(tempfile::TempDir);

impl Script {
    fn new() -> Self {
        for tool in ["bash", "curl"] {
            let there = Command::new(tool).arg("--version").output();
            assert!(
                there.is_ok(),
                "{tool} is missing: the script of {PAGE} needs it"
            );
        }
        let [script] = blocks(&page(PAGE), "bash").try_into().unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("answer.sh"), script).unwrap();
        Self(folder)
    }

    fn command(&self, case: &Case, graph: &Graph) -> Command {
        build_components();
        let tools = env::var_os("PATH").unwrap();
        let tools = env::split_paths(&tools).collect::<Vec<_>>();
        let path = env::join_paths([admit().parent().unwrap().to_owned()].iter().chain(&tools));
        let mut command = Command::new("bash");
        command
            .arg(self.0.path().join("answer.sh"))
            .arg("--set")
            .arg(&case.set)
            .args(["--now", &case.now])
            .arg(&case.callout)
            .env("PATH", path.unwrap())
            .env("HOME", self.0.path())
            .env("NO_PROXY", "127.0.0.1")
            .env("GRAPH", format!("http://{}", graph.address))
            .env("TOKEN", TOKEN)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, case: &Case, replies: &'static [&'static str]) -> (Output, Vec<Request>) {
        let graph = Graph::serve(replies);
        let output = self.command(case, &graph).output().unwrap();
        (output, graph.requests())
    }
}

fn said(output: &Output) -> String {
    assert_eq!(output.stdout, b"", "standard output is not used");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_script_sends_every_answer_as_it_is() {
    let script = Script::new();
    // Those of one set stand together, so that it is loaded once for them.
    for of_one_set in cases().chunk_by(|one, other| one.set == other.set) {
        let set = set(&of_one_set[0]);
        for case in of_one_set {
            sends_its_answer(&script, &set, case);
        }
    }
}

fn sends_its_answer(script: &Script, set: &PolicySet, case: &Case) {
    let name = &case.name;
    let report = report_of(set, case);
    let (output, requests) = script.run(case, &[TAKEN]);
    assert_eq!(said(&output), format!("{}\n", report.to_json()), "{name}");

    let Some(answer) = report.resume() else {
        assert_eq!(requests, [], "{name}");
        assert_eq!(output.status.code(), Some(case.exit.into()), "{name}");
        return;
    };
    let [request] = requests.try_into().unwrap();
    assert_eq!(output.status.code(), Some(0), "{name}");
    let line = format!("{} {} HTTP/1.1", answer.method(), answer.path());
    assert_eq!(request.line, line, "{name}");
    assert_eq!(request.body, answer.body(), "{name}");
    for (header, value) in answer.headers() {
        let sent = request.headers.get(&header.to_ascii_lowercase());
        assert_eq!(sent.map(String::as_str), Some(value), "{name}");
    }
    let authorization = request.headers.get("authorization").unwrap();
    assert_eq!(*authorization, format!("Bearer {TOKEN}"), "{name}");
}

#[test]
fn the_script_says_what_is_not_taken() {
    const REFUSED: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\
        Content-Length: 46\r\nConnection: close\r\n\r\n\
        {\"error\":{\"code\":\"UnknownError\",\"message\":\"\"}}";
    const FORBIDDEN: &str =
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    const ELSEWHERE: &str = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\
        Content-Length: 0\r\nConnection: close\r\n\r\n";
    let script = Script::new();
    let case = case(CREATED);
    for (replies, status, text) in [
        (&[REFUSED], "\n400\n", r#""code":"UnknownError""#),
        (&[FORBIDDEN], "\n403\n", "not taken"),
        (&[ELSEWHERE], "\n302\n", "not taken"),
    ] {
        let (output, requests) = script.run(&case, replies);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(requests.len(), 1, "{said}");
        assert!(said.ends_with(status) && said.contains(text), "{said}");
    }
}

#[test]
fn the_script_waits_and_sends_the_same_again() {
    const WAIT: Duration = Duration::from_secs(2); // curl's own would be 1
    const THROTTLED: &str = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\n\
        Content-Length: 0\r\nConnection: close\r\n\r\n";
    const BUSY: &str =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy";
    let script = Script::new();
    let case = case(CREATED);
    for (replies, wait) in [
        (&[THROTTLED, TAKEN], WAIT),
        (&[BUSY, TAKEN], Duration::ZERO),
    ] {
        let start = Instant::now();
        let (output, requests) = script.run(&case, replies);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(start.elapsed() >= wait, "{:?}", start.elapsed());
        let [first, second] = requests.try_into().unwrap();
        assert_eq!(first, second);
    }
}

#[test]
fn the_script_sends_nothing_without_a_token() {
    let graph = Graph::serve(&[TAKEN]);
    let script = Script::new();
    let mut command = script.command(&case(CREATED), &graph);
    let output = command.env_remove("TOKEN").output().unwrap();
    assert_eq!(graph.requests(), []);
    assert!(!output.status.success());
    assert!(said(&output).contains("TOKEN: a token for http://127.0.0.1"));
}
