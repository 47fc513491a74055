import {
  eventTopics,
  type DeskEvent,
  type EventTopic,
} from '../../shared/contracts/contract-names.ts';

/** Tells the pages what may have changed; the version of a topic grows with every telling. */
export function eventSource() {
  const versions = new Map<EventTopic, number>(eventTopics.map((topic) => [topic, 0]));
  const listeners = new Set<(event: DeskEvent) => void>();
  return {
    tell: (topic: EventTopic): void => {
      const version = (versions.get(topic) ?? 0) + 1;
      versions.set(topic, version);
      for (const listener of listeners) listener({ topic, version });
    },
    subscribe: (listener: (event: DeskEvent) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
