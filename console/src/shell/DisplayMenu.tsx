// Language, light or dark, text size, and what the stations sound like; kept in this browser.
import { FontSizeOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "@/kit/LanguageSwitch";
import type { Density, Mode } from "@/styles/theme.mjs";
import { LOUDNESS, setPreferences, usePreferences, type Loudness } from "@/kit/preferences";

export function DisplayMenu() {
  const { t } = useTranslation();
  return (
    <>
      <LanguageSwitch inverse onChange={(language) => setPreferences({ language })} />
      <Popover trigger="click" placement="bottomRight" content={<Choices />} title={t("shell.display")}>
        <Button type="text" className="sn-on-bar" icon={<FontSizeOutlined />} aria-label={t("shell.display")} title={t("shell.display")} />
      </Popover>
    </>
  );
}

function Choices() {
  const { t } = useTranslation();
  const { mode, density, sound, eyeBreaks } = usePreferences();
  return (
    <div className="sn-choices">
      <span id="sn-density">{t("shell.density")}</span>
      <Radio.Group
        aria-labelledby="sn-density"
        optionType="button"
        value={density}
        options={(["100", "115", "130"] as const).map((value) => ({ value, label: `${value}%` }))}
        onChange={(event) => setPreferences({ density: event.target.value as Density })}
      />
      <span id="sn-sound">{t("shell.sound")}</span>
      <Radio.Group
        aria-labelledby="sn-sound"
        optionType="button"
        value={sound}
        options={[...LOUDNESS].reverse().map((value) => ({ value, label: t(`shell.sound.${value}`) }))}
        onChange={(event) => setPreferences({ sound: event.target.value as Loudness })}
      />
      <span id="sn-eyes">{t("shell.eyes")}</span>
      <Checkbox aria-labelledby="sn-eyes" checked={eyeBreaks} onChange={(event) => setPreferences({ eyeBreaks: event.target.checked })}>
        {t("shell.eyes.note")}
      </Checkbox>
      <span id="sn-mode">{t("shell.mode")}</span>
      <Radio.Group
        aria-labelledby="sn-mode"
        optionType="button"
        value={mode}
        options={[
          { value: "light", label: t("shell.mode.light") },
          { value: "dark", label: t("shell.mode.dark") },
        ]}
        onChange={(event) => setPreferences({ mode: event.target.value as Mode })}
      />
    </div>
  );
}
