//! The posts that people are appointed to.

use crate::App;
use crate::extract::{Allowed, Json};
use crate::problem::Reply;
use crate::words;
use axum::extract::State;
use organization::{Category, Post, post};
use permission::{act, policy};
use serde::Serialize;
use utoipa::ToSchema;

/// A post with what it may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Post)]
pub(crate) struct PostWire {
    post_id: String,
    code: String,
    name_zh: String,
    name_en: String,
    #[schema(value_type = words::Duty)]
    duty: &'static str,
    /// The permissions of its duty.
    #[schema(value_type = Vec<words::Action>)]
    actions: Vec<&'static str>,
    /// Which people it takes.
    #[schema(value_type = Vec<words::PersonCategory>)]
    categories: Vec<&'static str>,
}

impl From<Post> for PostWire {
    fn from(post: Post) -> Self {
        let Post { post_id, code, name_zh, name_en, duty, takes } = post;
        Self {
            post_id: post_id.into(),
            code,
            name_zh,
            name_en,
            duty: duty.as_str(),
            actions: policy::grants(duty).iter().map(|(action, _)| action.as_str()).collect(),
            categories: takes.list().into_iter().map(Category::as_str).collect(),
        }
    }
}

/// All posts by code.
#[utoipa::path(get, path = "/organization/posts", operation_id = "list_posts", responses((status = 200, body = Vec<PostWire>)))]
pub(crate) async fn list(_: Allowed<act::ViewOrganization>, State(app): State<App>) -> Reply<Json<Vec<PostWire>>> {
    let mut reader = app.journal.db.reader().await?;
    let posts = post::all(&mut reader).await?;
    Ok(Json::of(posts.into_iter().map(PostWire::from).collect()))
}
