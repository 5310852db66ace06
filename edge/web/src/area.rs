//! How an endpoint comes into the router: with the guard that its own signature names.
//!
//! A handler's first argument is its guard: [`Allowed`] for a permission, [`Session`] for anyone signed in on own matters,
//! [`AnySession`] while the password must still be changed, [`Anyone`] for the few that need no session.
//! A handler without a guard does not compile into an [`Area`], nor one whose guard differs from the one in the table,
//! nor a command without an idempotency key.
//! What is registered is written into the inventory; the sweeps of the tests and the document's `x-permission` come from it.

use crate::App;
use crate::extract::{Allowed, AnySession, Anyone, Either, Key, Session};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use permission::{Act, Action};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Required, ResponseBuilder};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Bytes of a file at most: a voucher at 300 dpi has a few, a multi-page PDF some more.
const FILE_BYTES_MAX: usize = 25 << 20;

/// What a request must bring to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// A session of a person whose posts carry the permission.
    Permission(Action),
    /// A session of a person whose posts carry one of the two.
    Either(Action, Action),
    /// Any session: the person's own matters.
    Session,
    /// Any session, also one that may do nothing but change its password.
    AnySession,
    /// No session: signing in.
    Nothing,
}

impl Needs {
    /// As the inventory and the document show it.
    pub fn text(self) -> String {
        match self {
            Self::Permission(action) => action.as_str().into(),
            Self::Either(one, other) => format!("{} or {}", one.as_str(), other.as_str()),
            Self::Session => "(session)".into(),
            Self::AnySession => "(session, password may be due)".into(),
            Self::Nothing => "(public)".into(),
        }
    }

    /// The permissions of which the person needs one; none for the guards without permission.
    pub fn actions(self) -> Vec<Action> {
        match self {
            Self::Permission(action) => vec![action],
            Self::Either(one, other) => vec![one, other],
            Self::Session | Self::AnySession | Self::Nothing => Vec::new(),
        }
    }
}

/// What kind of request an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Reads.
    Query,
    /// Changes business state: an idempotency key, a journal entry, three outcomes.
    Command,
    /// Changes nothing that a repeat could do twice: a draft, a heartbeat, a fresh link, a sign-in.
    Act,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Command => "command",
            Self::Act => "act",
        }
    }
}

/// One line of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub method: String,
    /// With its parameters in braces, from the root.
    pub path: String,
    pub needs: Needs,
    pub kind: Kind,
}

/// An extractor that decides who is heard.
pub trait Guard {
    const NEEDS: Needs;
}

impl<A: Act> Guard for Allowed<A> {
    const NEEDS: Needs = Needs::Permission(A::ACTION);
}

impl<A: Act, B: Act> Guard for Either<A, B> {
    const NEEDS: Needs = Needs::Either(A::ACTION, B::ACTION);
}

impl Guard for Session {
    const NEEDS: Needs = Needs::Session;
}

impl Guard for AnySession {
    const NEEDS: Needs = Needs::AnySession;
}

impl Guard for Anyone {
    const NEEDS: Needs = Needs::Nothing;
}

/// The arguments of a handler that begin with the guard `G`.
#[diagnostic::on_unimplemented(message = "the handler's first argument is not the guard `{G}` that the table names")]
pub trait BeginsWith<G> {}

/// The arguments of a command: after the guard comes the key.
#[diagnostic::on_unimplemented(message = "a command takes the idempotency `Key` as its second argument")]
pub trait Keyed {}

macro_rules! arguments {
    ($($($rest:ident),*;)*) => {
        $(
            impl<M, G: Guard, $($rest),*> BeginsWith<G> for (M, G, $($rest),*) {}
            impl<M, G: Guard, $($rest),*> Keyed for (M, G, Key, $($rest),*) {}
        )*
    };
}
arguments! { ; A1; A1, A2; A1, A2, A3; A1, A2, A3, A4; A1, A2, A3, A4, A5; }

/// The endpoints of one area.
pub struct Area {
    tag: &'static str,
    router: OpenApiRouter<App>,
    inventory: Vec<Endpoint>,
}

impl Area {
    /// `tag` groups the endpoints in the document.
    pub fn new(tag: &'static str) -> Self {
        Self { tag, router: OpenApiRouter::new(), inventory: Vec::new() }
    }

    pub fn query<G: Guard, H: Handler<T, App>, T: BeginsWith<G>>(&mut self, _: H, routes: UtoipaMethodRouter<App>) {
        self.add(G::NEEDS, Kind::Query, routes);
    }

    pub fn command<G: Guard, H: Handler<T, App>, T: BeginsWith<G> + Keyed>(
        &mut self,
        _: H,
        routes: UtoipaMethodRouter<App>,
    ) {
        self.add(G::NEEDS, Kind::Command, routes);
    }

    /// A command whose body is a file.
    pub fn upload<G: Guard, H: Handler<T, App>, T: BeginsWith<G> + Keyed>(
        &mut self,
        _: H,
        routes: UtoipaMethodRouter<App>,
    ) {
        let (schemas, paths, methods) = routes;
        self.add(G::NEEDS, Kind::Command, (schemas, paths, methods.layer(DefaultBodyLimit::max(FILE_BYTES_MAX))));
    }

    pub fn act<G: Guard, H: Handler<T, App>, T: BeginsWith<G>>(&mut self, _: H, routes: UtoipaMethodRouter<App>) {
        self.add(G::NEEDS, Kind::Act, routes);
    }

    fn add(&mut self, needs: Needs, kind: Kind, (schemas, mut paths, methods): UtoipaMethodRouter<App>) {
        for (path, item) in &mut paths.paths {
            let parameters = path_parameters(path);
            for (method, operation) in operations(item) {
                describe(operation, self.tag, needs, kind, &parameters);
                let path = format!("{}{path}", crate::BASE);
                self.inventory.push(Endpoint { method: method.to_owned(), path, needs, kind });
            }
        }
        let router = std::mem::take(&mut self.router);
        self.router = router.routes((schemas, paths, methods));
    }

    /// Router and inventory of several areas.
    pub fn together(areas: Vec<Area>) -> (OpenApiRouter<App>, Vec<Endpoint>) {
        let mut all = (OpenApiRouter::new(), Vec::new());
        for area in areas {
            all.0 = all.0.merge(area.router);
            all.1.extend(area.inventory);
        }
        all.1.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
        all
    }
}

/// Registers handlers with the guard that each must have: `endpoints!(area: query Allowed<act::ViewItem> items::list::list; …)`.
macro_rules! endpoints {
    ($area:ident: $($kind:ident $guard:ty => $($step:ident)::+;)*) => {
        $( $area.$kind::<$guard, _, _>($($step)::+, utoipa_axum::routes!($($step)::+)); )*
    };
}
pub(crate) use endpoints;

fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete), ("PATCH", patch)]
        .into_iter()
        .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
        .collect()
}

fn path_parameters(path: &str) -> Vec<String> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(str::to_owned).collect()
}

/// What every endpoint has in common, written once: its permission, its headers, its problem document.
fn describe(operation: &mut Operation, tag: &str, needs: Needs, kind: Kind, parameters: &[String]) {
    operation.tags = Some(vec![tag.to_owned()]);
    let own = operation.parameters.get_or_insert_default();
    own.extend(parameters.iter().map(|name| RefOr::T(parameter(name, ParameterIn::Path, "An id with its prefix."))));
    if kind != Kind::Query && needs != Needs::Nothing {
        own.push(RefOr::T(parameter(
            "X-CSRF-Token",
            ParameterIn::Header,
            "The value of the readable cookie `shuniu_csrf`.",
        )));
    }
    if kind == Kind::Command {
        let what =
            "One per intended change, 8 to 128 visible ASCII characters; a repeat is answered with the first outcome.";
        own.push(RefOr::T(parameter("Idempotency-Key", ParameterIn::Header, what)));
    }
    operation.extensions.get_or_insert_default().insert("x-permission".into(), needs.text().into());
    if needs == Needs::Nothing {
        operation.security = Some(Vec::new());
    }
    let problem = ResponseBuilder::new()
        .description("A refusal or a fault")
        .content(crate::problem::MEDIA_TYPE, Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    operation.responses.responses.insert("default".into(), RefOr::T(problem));
}

fn parameter(name: &str, place: ParameterIn, what: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::True)
        .description(Some(what))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .build()
}
