/**
 * The faces of the desk. `waiting` for a card, `choosing` among visits, `asking` whether it is this person,
 * `loading` the visit, `checking` it (核对),
 * `paying` (收款), `confirming` with the amount read back, `settling`, then `printing` (打印) and `done` (完成);
 * `settled` shows a visit settled before, `problem` a refusal with the way on.
 */
export type Moment =
  | 'waiting'
  | 'choosing'
  | 'asking'
  | 'loading'
  | 'checking'
  | 'paying'
  | 'confirming'
  | 'settling'
  | 'printing'
  | 'done'
  | 'settled'
  | 'problem';
