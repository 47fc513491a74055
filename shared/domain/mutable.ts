/** A record while it is being made, field by field; afterwards it is only read. */
export type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
