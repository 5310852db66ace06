//! Blobs in a folder and in a bucket: what was stored comes back, and nothing readable lies in the store.

use kernel::{Clock as _, SystemClock};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use storage::blobs::{Blobs, Bucket, find};
use storage::vault::Private;
use storage::{Db, Fault};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const PLAIN: &[u8] = b"a voucher with a name on it";

/// Objects of a service that speaks as much of S3 as a store of blobs asks for: path to bytes.
type Objects = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// Starts the service; only signed requests of the key `key` are served.
async fn service() -> (String, Objects) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let objects = Objects::default();
    let kept = objects.clone();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(connection, kept.clone()));
        }
    });
    (format!("http://{address}"), objects)
}

async fn serve(connection: TcpStream, objects: Objects) {
    let mut connection = BufReader::new(connection);
    loop {
        let mut request = String::new();
        if connection.read_line(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
        let (mut length, mut signed) = (0, false);
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).await.expect("a header");
            if line.trim().is_empty() {
                break;
            }
            let line = line.to_ascii_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse().expect("a length");
            }
            signed |= line.starts_with("authorization: aws4-hmac-sha256 credential=key/");
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await.expect("the body");
        let answer = answer(&request, signed, body, &objects);
        connection.get_mut().write_all(&answer).await.expect("it is heard");
    }
}

fn answer(request: &str, signed: bool, body: Vec<u8>, objects: &Objects) -> Vec<u8> {
    let mut words = request.split_whitespace();
    let (method, path) = (words.next().expect("a method"), words.next().expect("a path").to_owned());
    let mut objects = objects.lock().expect("no panic before");
    let (status, headers, body) = match (signed, method) {
        (false, _) => ("403 Forbidden", "", Vec::new()),
        (true, "PUT") => {
            objects.insert(path, body);
            ("200 OK", "etag: \"1\"\r\n", Vec::new())
        }
        (true, _) => match objects.get(&path) {
            Some(found) => ("200 OK", "etag: \"1\"\r\nlast-modified: Mon, 23 Nov 2026 00:00:00 GMT\r\n", found.clone()),
            None => ("404 Not Found", "", Vec::new()),
        },
    };
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

fn bucket(endpoint: &str, key: &str) -> Blobs {
    let bucket = Bucket {
        endpoint: endpoint.to_owned(),
        region: "cn-north-1".to_owned(),
        name: "vouchers".to_owned(),
        access_key_id: key.to_owned(),
        secret_access_key: Private::new("not shown"),
    };
    Blobs::bucket(&bucket, Arc::new(testkit::master_key())).expect("a store")
}

/// Stores the page with its row, and reads it back by the row.
async fn there_and_back(blobs: &Blobs, db: &Db) -> Result<Vec<u8>, Fault> {
    let stored = blobs.store(PLAIN, SystemClock.now()).await?;
    let id = stored.blob_id.clone();
    db.write::<(), Fault, _>(move |tx| {
        let stored = stored.clone();
        Box::pin(async move { stored.record(tx).await })
    })
    .await?;
    let mut reader = db.reader().await?;
    let row = find(&mut reader, &id).await?;
    blobs.load(&row).await
}

#[tokio::test]
async fn what_was_stored_comes_back_from_a_folder_and_from_a_bucket() {
    let (_guard, db) = testkit::database().await;
    let folder = tempfile::tempdir().expect("a folder");
    let local = Blobs::local(folder.path(), Arc::new(testkit::master_key()), false).expect("a store");
    assert_eq!(there_and_back(&local, &db).await.expect("it is kept"), PLAIN);

    let (endpoint, objects) = service().await;
    assert_eq!(there_and_back(&bucket(&endpoint, "key"), &db).await.expect("it is kept"), PLAIN);
    let objects = objects.lock().expect("no panic before");
    let (path, sealed) = objects.iter().next().expect("one object");
    assert!(path.starts_with("/vouchers/sha256/"), "{path}");
    assert!(!sealed.windows(5).any(|part| part == &PLAIN[..5]), "what lies in the bucket is encrypted");
}

#[tokio::test]
async fn a_bucket_that_refuses_or_has_lost_or_changed_an_object_is_a_fault() {
    let (_guard, db) = testkit::database().await;
    let (endpoint, objects) = service().await;
    let refused = there_and_back(&bucket(&endpoint, "stranger"), &db).await;
    assert!(refused.is_err(), "{refused:?}");
    assert!(bucket(&endpoint, "stranger").answers().await.is_err(), "it lets nobody in");
    bucket(&endpoint, "key").answers().await.expect("it is there");

    let blobs = bucket(&endpoint, "key");
    let stored = blobs.store(PLAIN, SystemClock.now()).await.expect("it is kept");
    let id = stored.blob_id.clone();
    db.write::<(), Fault, _>(move |tx| {
        let stored = stored.clone();
        Box::pin(async move { stored.record(tx).await })
    })
    .await
    .expect("its row is written");
    let mut reader = db.reader().await.expect("reads");
    let row = find(&mut reader, &id).await.expect("its row");
    for object in objects.lock().expect("no panic before").values_mut() {
        object[0] ^= 1;
    }
    let changed = blobs.load(&row).await.expect_err("it was changed");
    assert!(changed.to_string().contains("does not match"), "{changed}");
    objects.lock().expect("no panic before").clear();
    let lost = blobs.load(&row).await.expect_err("it was lost");
    assert!(lost.to_string().contains("not found"), "{lost}");
}
