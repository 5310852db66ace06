// A page that throws takes down itself, not the console.
import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  /** Where the person is; going elsewhere gives the page another chance. */
  place: string;
  children: ReactNode;
}

export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.place !== this.props.place) this.setState({ failed: false });
  }

  override render() {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

export function Crashed() {
  const { t } = useTranslation();
  return (
    <div className="sn-state" role="alert">
      <p className="sn-state-title">{t("error.crashed")}</p>
      <p className="sn-state-text">{t("error.crashed.hint")}</p>
      <Button onClick={() => window.location.reload()}>{t("error.reload")}</Button>
    </div>
  );
}
