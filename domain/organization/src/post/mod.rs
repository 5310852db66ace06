//! The catalog of posts.
//!
//! Deliberately absent: changing a post's duty or categories. People hold it with the rights it had; another post is added instead.

mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use model::{Categories, Category, Duty, NewPost, Post};

use crate::check;
use journal::{Answer, Cx, Entry, Recorded};
use kernel::{Code, PostId, Refusal};
use serde_json::json;
use storage::{Conn, Fault};

/// Adds a post; answers its id.
///
/// Refuses a known code, a post that takes nobody, and one that lets outsourced people do more than key slices.
pub async fn add(mut cx: Cx<'_>, new: NewPost) -> Answer<Recorded<PostId>> {
    let post = insert(&mut cx, new).await?;
    let payload = json!({
        "code": post.code,
        "duty": post.duty.as_str(),
        "takes": post.takes.list().into_iter().map(Category::as_str).collect::<Vec<_>>(),
    });
    let entry = Entry::new(&post.post_id, "organization.post.add", payload);
    Ok(cx.append(entry).await?.done(post.post_id))
}

/// Checks and writes the post; the caller appends the entry.
pub(crate) async fn insert(cx: &mut Cx<'_>, new: NewPost) -> Answer<Post> {
    let NewPost { code, name_zh, name_en, duty, takes } = new;
    let code = check::code("code", &code)?;
    let (name_zh, name_en) = (check::name("name_zh", &name_zh)?, check::name("name_en", &name_en)?);
    if takes.is_empty() {
        return Err(Refusal::field("categories", "至少选择一类人员", "choose at least one category").into());
    }
    if takes.outsourced && !duty.is_open_to_outsourced() {
        let zh = format!("外包人员不能担任{}", duty.name_zh());
        return Err(Refusal::field("categories", zh, format!("{} is not for outsourced staff", duty.name_en())).into());
    }
    if store::find_by_code(cx.tx, &code).await?.is_some() {
        return Err(Refusal::with(Code::DuplicateNumber, &code).at("code").into());
    }
    let post = Post { post_id: PostId::new(cx.now), code, name_zh, name_en, duty, takes };
    store::insert(cx.tx, &post, cx.now).await?;
    Ok(post)
}

/// The post with this id.
pub async fn find(conn: &mut Conn, id: &PostId) -> Result<Option<Post>, Fault> {
    store::find(conn, id).await
}

/// The post with this code.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<Post>, Fault> {
    store::find_by_code(conn, code).await
}

/// All posts by code; a bank has some dozens.
pub async fn all(conn: &mut Conn) -> Result<Vec<Post>, Fault> {
    store::all(conn).await
}
