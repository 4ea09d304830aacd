use super::session::*;
#[test]
fn timing() {
    let t = std::time::Instant::now();
    let mut s = Session::new("poc"); eprintln!("new {:?}", t.elapsed());
    let t = std::time::Instant::now(); let l = s.loaded(); eprintln!("load {:?}", t.elapsed());
    let t = std::time::Instant::now(); let p = s.plan().unwrap(); eprintln!("plan {:?}", t.elapsed());
    let t = std::time::Instant::now(); s.run("x", &p, &options()); eprintln!("run {:?}", t.elapsed());
    let t = std::time::Instant::now(); let p = s.plan().unwrap(); eprintln!("plan {:?}", t.elapsed());
    let t = std::time::Instant::now(); s.state("web"); eprintln!("state {:?}", t.elapsed());
    let t = std::time::Instant::now(); s.wait(std::time::Duration::from_secs(15)); eprintln!("wait15 {:?}", t.elapsed());
    let t = std::time::Instant::now(); s.cloud.local.advance(std::time::Duration::from_secs(15)); eprintln!("advance15 {:?}", t.elapsed());
}
