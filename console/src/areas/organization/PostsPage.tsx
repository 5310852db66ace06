// Posts and what they may do.
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { readPosts } from "@/api/organization";
import type { Post } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";

export default function PostsPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const columns: Column<Post>[] = [
    { key: "name", title: t("posts.name"), width: "14em", render: (post) => nameOf(post) },
    { key: "categories", title: t("posts.categories"), width: "14em", render: (post) => (post.categories ?? []).map((one) => t(`category.${one}`)).join(t("list.separator")) || "—" },
    { key: "actions", title: t("posts.actions"), render: (post) => (post.actions.length === 0 ? "—" : post.actions.map((action) => <Tag key={action}>{t(`may.${action}`)}</Tag>)) },
    { key: "code", title: t("posts.code"), width: "14em", wideOnly: true, render: (post) => <span className="sn-faint sn-small">{post.code}</span> },
  ];
  return (
    <PageShell title={t("posts.title")} note={t("posts.note")}>
      <QueryTable
        label={t("posts.title")}
        queryKey={["posts", "list"]}
        load={async (_cursor, _limit, signal) => ({ items: await readPosts(signal), next: null })}
        columns={columns}
        rowKey={(post) => post.post_id}
        empty={{ title: t("posts.empty") }}
      />
    </PageShell>
  );
}
