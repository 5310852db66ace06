//! The four column types that both engines share, and what may be bound to them.

use kernel::calendar::BusinessDate;
use kernel::{Currency, Id, Instant};

/// One bound value. Nulls keep their type because PostgreSQL infers none for a bare NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Bool(Option<bool>),
}

/// What can stand behind a placeholder.
pub trait Bind {
    fn value(&self) -> Value;
    /// The typed null of this type.
    fn null() -> Value;
}

macro_rules! bind {
    ($($type:ty => $variant:ident, |$it:ident| $convert:expr;)*) => {
        $(impl Bind for $type {
            fn value(&self) -> Value {
                let $it = self;
                Value::$variant(Some($convert))
            }
            fn null() -> Value {
                Value::$variant(None)
            }
        })*
    };
}

bind! {
    i64 => Int, |it| *it;
    i32 => Int, |it| i64::from(*it);
    u32 => Int, |it| i64::from(*it);
    bool => Bool, |it| *it;
    String => Text, |it| it.clone();
    &str => Text, |it| (*it).to_owned();
    Vec<u8> => Bytes, |it| it.clone();
    &[u8] => Bytes, |it| it.to_vec();
    Instant => Int, |it| it.micros();
    BusinessDate => Text, |it| it.to_string();
    Currency => Text, |it| it.code().to_owned();
}

impl<K: kernel::id::Kind> Bind for Id<K> {
    fn value(&self) -> Value {
        Value::Text(Some(self.as_str().to_owned()))
    }
    fn null() -> Value {
        Value::Text(None)
    }
}

impl<T: Bind> Bind for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or_else(T::null, Bind::value)
    }
    fn null() -> Value {
        T::null()
    }
}

impl<T: Bind> Bind for &T {
    fn value(&self) -> Value {
        (*self).value()
    }
    fn null() -> Value {
        T::null()
    }
}

impl Bind for Value {
    fn value(&self) -> Value {
        self.clone()
    }
    fn null() -> Value {
        Value::Text(None)
    }
}
