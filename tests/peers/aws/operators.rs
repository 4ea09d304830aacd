//! Two operators at once: one wins, the other is told who it was and when.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::live::{IMAGES, end, expected, live, release};
use super::proxy::{Fate, Proxy};
use super::target::{client, direct};
use crate::support::Boto;

/// A person of the account; gives the access key.
fn person(client: &mut Boto, name: &str) -> String {
    client.call("iam", "create_user", json!({ "UserName": name }));
    let made = client.call("iam", "create_access_key", json!({ "UserName": name }));
    made["AccessKey"]["AccessKeyId"].as_str().unwrap().to_owned()
}

#[test]
fn the_slower_of_two_is_told_who_was_faster() {
    let server = live();
    let mut boto = Boto::of(&server);
    let [hanako, taro] = ["hanako", "taro"].map(|name| person(&mut boto, name));
    let (reached, waits) = channel();
    let reached = Mutex::new(Some(reached));
    let proxy = Proxy::before(server.port(), move |name, _| {
        if name != "ExecuteChangeSet" {
            return Fate::Through;
        }
        match reached.lock().unwrap().take() {
            Some(reached) => {
                reached.send(()).unwrap();
                Fate::Slow(Duration::from_secs(4))
            }
            None => Fate::Through,
        }
    });
    let port = proxy.port;
    let slower = thread::spawn(move || release(&client(port, &taro), IMAGES[0]).finish(true));
    waits.recv().unwrap();
    let faster = direct(&server, &hanako);
    release(&faster, IMAGES[0]).finish(false).unwrap();
    let why = slower.join().unwrap().unwrap_err();
    assert!(why.contains("hanako's: their change began at 2"), "{why}");
    assert_eq!(end(&faster), expected(IMAGES[0]));
}
