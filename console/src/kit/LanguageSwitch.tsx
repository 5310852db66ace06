// 中文 or English; the word shown is the language one would get.
import { Button } from "antd";
import { useLanguage, type Language } from "./language";

export function LanguageSwitch({ onChange, inverse = false }: { onChange: (language: Language) => void; inverse?: boolean }) {
  const { language } = useLanguage();
  const other: Language = language === "zh" ? "en" : "zh";
  return (
    <Button type="text" className={inverse ? "sn-on-bar" : ""} lang={other === "zh" ? "zh-CN" : "en"} onClick={() => onChange(other)}>
      {other === "zh" ? "中文" : "English"}
    </Button>
  );
}
