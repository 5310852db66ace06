// A button that, when it may not be pressed, says why instead of hiding.
import { Button, Tooltip, type ButtonProps } from "antd";
import { useId } from "react";

interface ActionButtonProps extends Omit<ButtonProps, "disabled"> {
  /** Why it cannot be pressed now; absent when it can. */
  disabledReason?: string | undefined;
}

/**
 * Stays focusable while disabled (`aria-disabled`), so that a keyboard or a screen reader reaches the reason too.
 */
export function ActionButton({ disabledReason, onClick, className, ...rest }: ActionButtonProps) {
  const id = useId();
  if (disabledReason === undefined) {
    return <Button {...rest} {...(className === undefined ? {} : { className })} {...(onClick === undefined ? {} : { onClick })} />;
  }
  return (
    <Tooltip title={disabledReason} trigger={["hover", "focus"]}>
      <Button
        {...rest}
        htmlType="button"
        className={`${className ?? ""} sn-disabled`}
        aria-disabled="true"
        aria-describedby={id}
        onClick={(event) => event.preventDefault()}
      />
      <span id={id} className="sn-visually-hidden">
        {disabledReason}
      </span>
    </Tooltip>
  );
}
