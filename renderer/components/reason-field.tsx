import { Input, type InputRef } from 'antd';
import type { Ref } from 'react';

/** As long as a reason may be, in characters. */
const reasonMost = 200;

type ReasonFieldProps = {
  readonly field: Ref<InputRef>;
  readonly testId: string;
  readonly label: string;
  readonly example: string;
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  readonly onEnter: () => void;
};

/** Where somebody writes why something is done. */
export function ReasonField(props: ReasonFieldProps) {
  const { field, testId, label, example, typed, onTyped, onEnter } = props;
  return (
    <label>
      <span>{label}</span>
      <Input
        ref={field}
        data-testid={testId}
        maxLength={reasonMost}
        placeholder={example}
        value={typed}
        onChange={(event) => {
          onTyped(event.target.value);
        }}
        onPressEnter={onEnter}
      />
    </label>
  );
}
