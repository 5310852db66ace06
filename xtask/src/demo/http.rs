//! Asks the server whether it is ready: one request, no library.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a status line.
const LINE_MAX: u64 = 256;

/// Whether `GET /readyz` on this machine's `port` answers 200.
pub fn is_ready(port: u16) -> bool {
    status(port, "/readyz").is_ok_and(|status| status == Some(200))
}

fn status(port: u16, path: &str) -> std::io::Result<Option<u16>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    // An answer may come in pieces; the status stands in its first line.
    let mut line = Vec::new();
    BufReader::new(stream.take(LINE_MAX)).read_until(b'\n', &mut line)?;
    Ok(status_in(&String::from_utf8_lossy(&line)))
}

/// `HTTP/1.1 200 OK` as 200.
fn status_in(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.")?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn only_a_server_that_says_so_is_ready() {
        for (answer, ready) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
            let port = listener.local_addr().expect("it is bound").port();
            let server = std::thread::spawn(move || -> std::io::Result<()> {
                let (mut stream, _) = listener.accept()?;
                let mut request = [0; 256];
                let length = stream.read(&mut request)?;
                assert!(request[..length].starts_with(b"GET /readyz HTTP/1.1\r\n"));
                for piece in ["HTTP/1.1 ", answer, "\r\n"] {
                    stream.write_all(piece.as_bytes())?;
                }
                Ok(())
            });
            assert_eq!(is_ready(port), ready, "{answer}");
            server.join().expect("it does not panic").expect("it answers");
            assert!(!is_ready(port), "nobody listens any more");
        }
    }
}
