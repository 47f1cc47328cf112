/** News of what runs, each once and in order, also where they overtake an answer that tells of it. */

export interface News<Event> {
  readonly id: string;
  /** News are counted from 1. */
  readonly number: number;
  readonly event: Event;
}

export class Following<Event> {
  readonly #take: (event: Event) => void;
  #id = "";
  #told = 0;
  #asked = 0;
  #early: News<Event>[] = [];

  constructor(take: (event: Event) => void) {
    this.#take = take;
  }

  get id(): string {
    return this.#id;
  }

  /** Wait for an answer that may tell of something new; what is heard of it meanwhile is kept. */
  async asking<T>(answer: Promise<T>): Promise<T> {
    this.#asked++;
    try {
      return await answer;
    } finally {
      this.#asked--;
    }
  }

  /** Follow what is called ``id``. The first ``told`` news are known, or ``catchUp`` shows what they came to. */
  follow(id: string, told: number, catchUp: () => void): void {
    if (id !== this.#id || told > this.#told) {
      this.#id = id;
      this.#told = told;
      catchUp();
    }
    this.#hearEarly();
  }

  hear(news: News<Event>): void {
    this.#early.push(news);
    this.#hearEarly();
  }

  #hearEarly(): void {
    const news = this.#early;
    this.#early = this.#asked ? news.filter((each) => each.id !== this.#id) : [];
    for (const each of news) {
      if (each.id !== this.#id || each.number <= this.#told) continue;
      this.#told = each.number;
      this.#take(each.event);
    }
  }
}
