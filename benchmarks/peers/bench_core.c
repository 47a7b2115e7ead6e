/* The slice `bench_core` of the model in plain C: travel, encounter, emplacement, sweep.
 *
 * It is a peer of the engines, written to be held against them: the same keyed draws, the same rules,
 * the same order of events, so a run gives the same rows, times to the last bit. Ideas that make an
 * engine fast are used here too: an agenda in a heap, timetables in place of an event for every piece
 * of road, empty passages written down when somebody looks, memories that fade only when they are
 * read, devices listed by piece of road, patrols that are refused kept off the agenda. What the
 * scenario switches off is left out.
 *
 * Names and order follow sim/engines/reference and sim/rules, where formulas are explained.
 *
 * Build with -ffp-contract=off: a fused multiply-add would round once where the engines round twice.
 *
 *   bench_core PROBLEM time SEED FIRST_RUN N_RUNS    a line a run: ns by the clock, ns of processor
 *                                                    time, events, rows, checksum
 *   bench_core PROBLEM rows SEED RUN OUT             rows and sums of one run, for docking
 */

#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOURS_PER_DAY 24.0
#define LOG_2 0.6931471805599453
#define GREATEST_LOG_WEIGHT 600.0
#define MEETINGS_PER_PAIR 64
#define KEYS_PER_SOURCE 16384
#define NONE (-1)

enum { LOGISTICS, PATROL, N_TRAFFIC };

enum Stream {
    CELL_HOME = 1, PLACEMENT_TIME, PLACEMENT_ACCEPTED, PLACEMENT_SEGMENT, PLACEMENT_POSITION,
    CONCEALMENT, OTHERS_TIME, OTHERS_CLASS, EXPIRY_TIME, OTHERS_VICTIMS, PATROL_TIME,
    PATROL_ACCEPTED, PATROL_DIRECTION, PATROL_REACH, ENCOUNTER_FIND, ENCOUNTER_STRIKE,
    STRUCK_VEHICLE, STRUCK_DRIVER, HARM, KILLED, WOUNDED, SWEEP_FIND, TEAM_AVAILABLE, SUPPLY_TIME,
    SWEEP_TIME, ROTATION_PHASE, UNIT_PROTECTION, INITIAL_STOCK, DECOY
};

enum Turn {
    TURN_PERIOD = 0, TURN_UNIT_CHANGE = 2, TURN_DEVICE_END = 5, TURN_EMPLACEMENT = 6, TURN_DAWN = 9,
    TURN_SWEEP = 10, TURN_DEPARTURE = 11, TURN_MEETING = 12, TURN_ARRIVAL = 13
};

enum Kind {
    PLACED = 0, FOUND = 1, STRUCK = 2, STRUCK_OTHERS = 3, EXPIRED = 4, SWEPT = 5, DEPARTED = 7,
    ARRIVED = 8, ROTATED = 12, DECOY_PLACED = 16, DECOY_FOUND = 17, DECOY_EXPIRED = 18
};

enum Cause {
    CAUSE_NONE, CAUSE_PATROL, CAUSE_CONVOY, CAUSE_SWEEP, CAUSE_CIVILIAN, CAUSE_ARMY,
    CAUSE_OTHER_FORCE
};

static void stop(const char *what)
{
    fprintf(stderr, "bench_core: %s\n", what);
    exit(1);
}

static void *room_for(void *old, size_t n, size_t size)
{
    void *room = realloc(old, (n ? n : 1) * size);
    if (!room)
        stop("out of memory");
    return room;
}

/* --- the problem: everything that no run changes ------------------------------------------------ */

typedef struct {
    double end_h, daylight_start_h, daylight_end_h;
    double memory_half_life_h, picture_half_life_h;
    double rotation_h, training_half_life_days, training_reference, trained_miss_ratio;
    double discipline_ratio;
    double patrol_ceiling_per_day, patrols_per_day_and_person, patrol_reach_km;
    double patrol_vehicles, vehicle_occupants, protected_share;
    double convoys_per_day, escort_vehicles, load_vehicles, truck_occupants, contractor_share;
    double sweeps_per_day, sweep_find_probability, render_safe_h;
    double attempts_per_day, attempts_ceiling_factor, motivation;
    double beta_traffic, beta_deterrence, beta_success, beta_pressure, beta_distance_per_km;
    double nothing_km, success_extra_decisions, success_half_life_days, success_ceiling;
    double skill_exponent, skill_reference, skill_most, decoy_share;
    double find_probability_patrol, find_probability_convoy, find_reference_km_per_day;
    double threatened_km_per_day, strike_probability_per_vehicle;
    double concealment_low, concealment_high;
    double harm_probability, unprotected_harm_ratio, reference_protected_share;
    double severity_alpha, severity_beta, wounded_share;
    double others_hazard_per_day, others_paved_ratio, others_track_ratio;
    double others_civilian_share, others_army_share, others_victims, expiry_mean_days;
    double find_halt_h, strike_halt_h;
} Settings;

typedef struct {
    Settings set;
    int n_segments, n_edges, n_junctions, n_units, n_cells, n_legs_of_supply, n_camps, n_periods;
    int n_days;
    const int8_t *is_wet;         /* [n_days] */
    const double *period_start_h; /* [n_periods + 1] */
    /* pieces of road and edges */
    const double *length_km;
    const int32_t *surface;
    const uint32_t *sweep_key;
    const int32_t *edge_from, *edge_to, *edge_first_segment;
    const int32_t *adjacency_start, *adjacency_edge;
    const double *patrol_h_per_km; /* [2 seasons][n_segments] */
    const double *patrol_wait_h;   /* [2 seasons][n_segments] */
    /* pieces that an event on a piece colours */
    const int64_t *near_start;
    const int32_t *near_segment;
    const double *near_weight, *near_per_km;
    /* companies */
    const uint32_t *unit_key, *unit_patrol_key, *unit_contingent_key;
    const int32_t *unit_camp;
    const int8_t *unit_patrols;
    const double *unit_strength, *unit_level, *unit_protected_share;
    /* camps: the roads out of each, in the order of adjacency, and a loop by each road where one is */
    const int32_t *camp_junction, *camp_road_start;
    const double *road_weight, *loop_km; /* infinite where there is no loop */
    const int32_t *loop_start, *loop_segment;
    const int8_t *loop_forwards;
    /* legs of supply: from its hub to a camp, by season */
    const uint32_t *leg_camp_key, *leg_convoy_key;
    const int32_t *leg_camp;
    const int32_t *way_start; /* [n_legs_of_supply * 2 + 1] */
    const int32_t *way_segment;
    const double *way_enter_km, *way_leave_km, *way_drive_h; /* drive_h: one more a way */
    /* cells: the homes of each, and the pieces in reach of a home */
    const uint32_t *cell_key, *cell_device_key;
    const int32_t *home_start, *place_start, *place_segment;
    const double *place_distance_km;
    int most_places;
} World;

typedef struct {
    char name[24];
    uint64_t size, n;
} Heading;

typedef struct {
    char *bytes;
    size_t n_bytes;
} Problem;

static const void *table(const Problem *problem, const char *name, size_t size, int *n)
{
    size_t at = 0;
    while (at + sizeof(Heading) <= problem->n_bytes) {
        Heading heading;
        memcpy(&heading, problem->bytes + at, sizeof heading);
        at += sizeof heading;
        if (strncmp(heading.name, name, sizeof heading.name) == 0) {
            if (heading.size != size)
                stop(name);
            if (n)
                *n = (int)heading.n;
            return problem->bytes + at;
        }
        at += (heading.size * heading.n + 7) / 8 * 8;
    }
    fprintf(stderr, "bench_core: the problem has no table %s\n", name);
    exit(1);
}

static Problem read_problem(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        stop("cannot open the problem");
    fseek(file, 0, SEEK_END);
    Problem problem = {.n_bytes = (size_t)ftell(file)};
    rewind(file);
    problem.bytes = room_for(NULL, problem.n_bytes, 1);
    if (fread(problem.bytes, 1, problem.n_bytes, file) != problem.n_bytes)
        stop("cannot read the problem");
    fclose(file);
    return problem;
}

static World *build_world(const Problem *p)
{
    World *w = room_for(NULL, 1, sizeof *w);
    int n;
    memcpy(&w->set, table(p, "settings", 8, &n), sizeof w->set);
    if ((size_t)n != sizeof w->set / sizeof(double))
        stop("the problem has other settings");
    w->is_wet = table(p, "is_wet", 1, &w->n_days);
    w->period_start_h = table(p, "period_start_h", 8, &w->n_periods);
    w->n_periods -= 1;
    w->length_km = table(p, "length_km", 8, &w->n_segments);
    w->surface = table(p, "surface", 4, NULL);
    w->sweep_key = table(p, "sweep_key", 4, NULL);
    w->edge_from = table(p, "edge_from", 4, &w->n_edges);
    w->edge_to = table(p, "edge_to", 4, NULL);
    w->edge_first_segment = table(p, "edge_first_segment", 4, NULL);
    w->adjacency_start = table(p, "adjacency_start", 4, &w->n_junctions);
    w->n_junctions -= 1;
    w->adjacency_edge = table(p, "adjacency_edge", 4, NULL);
    w->patrol_h_per_km = table(p, "patrol_h_per_km", 8, NULL);
    w->patrol_wait_h = table(p, "patrol_wait_h", 8, NULL);
    w->near_start = table(p, "near_start", 8, NULL);
    w->near_segment = table(p, "near_segment", 4, NULL);
    w->near_weight = table(p, "near_weight", 8, NULL);
    w->near_per_km = table(p, "near_per_km", 8, NULL);
    w->unit_key = table(p, "unit_key", 4, &w->n_units);
    w->unit_patrol_key = table(p, "unit_patrol_key", 4, NULL);
    w->unit_contingent_key = table(p, "unit_contingent_key", 4, NULL);
    w->unit_camp = table(p, "unit_camp", 4, NULL);
    w->unit_patrols = table(p, "unit_patrols", 1, NULL);
    w->unit_strength = table(p, "unit_strength", 8, NULL);
    w->unit_level = table(p, "unit_level", 8, NULL);
    w->unit_protected_share = table(p, "unit_protected_share", 8, NULL);
    w->camp_junction = table(p, "camp_junction", 4, &w->n_camps);
    w->camp_road_start = table(p, "camp_road_start", 4, NULL);
    w->road_weight = table(p, "road_weight", 8, NULL);
    w->loop_km = table(p, "loop_km", 8, NULL);
    w->loop_start = table(p, "loop_start", 4, NULL);
    w->loop_segment = table(p, "loop_segment", 4, NULL);
    w->loop_forwards = table(p, "loop_forwards", 1, NULL);
    w->leg_camp_key = table(p, "leg_camp_key", 4, &w->n_legs_of_supply);
    w->leg_convoy_key = table(p, "leg_convoy_key", 4, NULL);
    w->leg_camp = table(p, "leg_camp", 4, NULL);
    w->way_start = table(p, "way_start", 4, NULL);
    w->way_segment = table(p, "way_segment", 4, NULL);
    w->way_enter_km = table(p, "way_enter_km", 8, NULL);
    w->way_leave_km = table(p, "way_leave_km", 8, NULL);
    w->way_drive_h = table(p, "way_drive_h", 8, NULL);
    w->cell_key = table(p, "cell_key", 4, &w->n_cells);
    w->cell_device_key = table(p, "cell_device_key", 4, NULL);
    w->home_start = table(p, "home_start", 4, NULL);
    w->place_start = table(p, "place_start", 4, &n);
    w->place_segment = table(p, "place_segment", 4, NULL);
    w->place_distance_km = table(p, "place_distance_km", 8, NULL);
    w->most_places = 0;
    for (int home = 0; home + 1 < n; home++)
        if (w->place_start[home + 1] - w->place_start[home] > w->most_places)
            w->most_places = w->place_start[home + 1] - w->place_start[home];
    return w;
}

/* --- the state of a run -------------------------------------------------------------------------- */

typedef struct {
    double value, time_h;
} Fading;

typedef struct { /* what cells remember of a piece; one line of cache */
    Fading traffic, patrols, success, pressure;
} Memory;

typedef struct { /* what the command has been told of a piece */
    Fading events_per_km, passages;
    double last_swept_h;
} Told;

typedef struct {
    double time_h;
    int32_t entry;
} Node;

typedef struct {
    uint64_t key;
    uint32_t count;
    int32_t turn, who;
} Entry;

typedef struct {
    double time_h, hours, strength;
    uint64_t entity, other;
    int32_t segment;
    int16_t camp, killed, wounded, civilians, contractors;
    int8_t kind, cause;
} Row;

typedef struct {
    uint32_t key;
    bool is_live, is_decoy;
    int8_t end_cause;
    int32_t segment, cell;
    int32_t next; /* on the same piece, in order of placement; or the next free slot */
    double at_km, concealment, placed_h, end_h;
} Device;

typedef struct {
    uint64_t device;
    uint32_t n;
} Met;

typedef struct {
    uint64_t key;
    uint32_t source_key, number, version;
    bool is_moving;
    int8_t traffic;
    int32_t unit, leg_of_supply;
    int32_t n_escort, n_load;
    double vehicles, people;
    double planned_h, started_h, resumed_h, driven_h;
    /* the journey: a way of supply is read where it stands, a patrol's is made in `own_` */
    int32_t n_legs;
    const int32_t *segments;
    const double *enter_km, *leave_km, *drive_h;
    int32_t room;
    int32_t *own_segments;
    double *own_enter_km, *own_leave_km, *own_drive_h;
    /* where it is, and what comes next */
    int32_t leg, settled_leg, next_leg, meeting;
    int64_t passed_key, next_key;
    double along_km, next_km, next_drive_h, next_left_h;
    int32_t n_met, room_met;
    Met *met;
} Convoy;

typedef struct {
    int32_t home, n_attempts, n_placed;
    double practice;
    Fading excitation; /* 1/d */
} Cell;

typedef struct {
    double level, level_time_h;
    double candidate_day, candidate_today_h;
    uint32_t n_candidates, n_patrols, n_changes;
} Unit;

typedef struct {
    const World *w;
    uint32_t seed, run;
    double now_h;
    int period;
    int64_t n_events;
    Memory *memory; /* [n_segments] */
    Told *told;     /* [n_segments] */
    Cell *cells;
    Unit *units;
    uint32_t *n_sent;  /* [n_legs_of_supply] */
    uint32_t *n_swept; /* [n_segments] */
    double *weights;   /* [most_places] */
    /* devices */
    Device *devices;
    int32_t n_slots, room_devices, free_device, n_live;
    int32_t *first_device, *last_device; /* [n_segments] */
    double live_counted_h;
    /* convoys and patrols; `moving` in the order in which they set out */
    Convoy *convoys;
    int32_t n_convoys, room_convoys;
    int32_t *free_convoys, n_free;
    int32_t *moving, n_moving;
    /* the agenda: a heap of times, and what is to happen then */
    Node *heap;
    Entry *entries;
    int32_t *free_entries;
    int32_t n_agenda, room_agenda, n_free_entries;
    /* the ledger */
    Row *rows;
    int64_t n_rows, room_rows;
    double *vehicle_km, *person_km; /* [N_TRAFFIC][n_periods][n_segments] */
    double *n_patrols, *live_device_h, *journey_h, *undisturbed_h, *traffic_seen; /* [n_periods] */
} Run;

static Run *new_run(const World *w)
{
    Run *r = calloc(1, sizeof *r);
    if (!r)
        stop("out of memory");
    r->w = w;
    r->memory = room_for(NULL, w->n_segments, sizeof *r->memory);
    r->told = room_for(NULL, w->n_segments, sizeof *r->told);
    r->cells = room_for(NULL, w->n_cells, sizeof *r->cells);
    r->units = room_for(NULL, w->n_units, sizeof *r->units);
    r->n_sent = room_for(NULL, w->n_legs_of_supply, sizeof *r->n_sent);
    r->n_swept = room_for(NULL, w->n_segments, sizeof *r->n_swept);
    r->weights = room_for(NULL, w->most_places, sizeof *r->weights);
    r->first_device = room_for(NULL, w->n_segments, sizeof *r->first_device);
    r->last_device = room_for(NULL, w->n_segments, sizeof *r->last_device);
    size_t n_sums = (size_t)N_TRAFFIC * w->n_periods * w->n_segments;
    r->vehicle_km = room_for(NULL, n_sums, sizeof(double));
    r->person_km = room_for(NULL, n_sums, sizeof(double));
    r->n_patrols = room_for(NULL, w->n_periods, sizeof(double));
    r->live_device_h = room_for(NULL, w->n_periods, sizeof(double));
    r->journey_h = room_for(NULL, w->n_periods, sizeof(double));
    r->undisturbed_h = room_for(NULL, w->n_periods, sizeof(double));
    r->traffic_seen = room_for(NULL, w->n_periods, sizeof(double));
    return r;
}

static void clear(double *values, size_t n)
{
    memset(values, 0, n * sizeof *values);
}

/* --- chance by key (sim/draws.py) ---------------------------------------------------------------- */

static inline double uniform(const Run *r, uint32_t stream, uint32_t entity, uint32_t other,
                             uint32_t count)
{
    uint32_t key_0 = r->seed, key_1 = r->run;
    uint32_t c0 = stream, c1 = entity, c2 = other, c3 = count;
    for (int i = 0; i < 10; i++) {
        uint64_t product_0 = (uint64_t)0xD2511F53u * c0;
        uint64_t product_1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(product_1 >> 32) ^ c1 ^ key_0;
        c1 = (uint32_t)product_1;
        c2 = (uint32_t)(product_0 >> 32) ^ c3 ^ key_1;
        c3 = (uint32_t)product_0;
        key_0 += 0x9E3779B9u;
        key_1 += 0xBB67AE85u;
    }
    return ((c0 >> 5) * 67108864.0 + (c1 >> 6)) * (1.0 / 9007199254740992.0);
}

static inline double waiting_time(double draw, double rate)
{
    return rate <= 0.0 ? INFINITY : -log(1.0 - draw) / rate;
}

/* --- rules (sim/rules) --------------------------------------------------------------------------- */

/* fmin and fmax of the library look for what is not a number, which costs a call. */
static inline double lesser(double one, double other)
{
    return other < one ? other : one;
}

static inline double greater(double one, double other)
{
    return other > one ? other : one;
}

static inline double remembered(double value, double elapsed_h, double half_life_h)
{
    return value * exp(-(LOG_2 / half_life_h) * elapsed_h);
}

static inline void add_fading(Fading *f, double now_h, double half_life_h, double added)
{
    f->value = remembered(f->value, now_h - f->time_h, half_life_h) + added;
    f->time_h = now_h;
}

static inline double seen_per_day(const Fading *f, double now_h, double half_life_h)
{
    return remembered(f->value, now_h - f->time_h, half_life_h) * (LOG_2 * 24.0 / half_life_h);
}

/* The day, and hours of its daylight that are over, after some hours of driving from such a place. */
static inline void drive_on(double daylight_h, double *day, double *today_h, double driving_h)
{
    double total_h = lesser(daylight_h, *today_h) + driving_h;
    if (total_h > daylight_h) {
        double n_nights = greater(0.0, ceil(total_h / daylight_h - 1e-9) - 1.0);
        *day += n_nights;
        total_h = lesser(daylight_h, total_h - n_nights * daylight_h);
    }
    *today_h = total_h;
}

static inline double drive_end_h(const Settings *s, double start_h, double driving_h)
{
    if (driving_h <= 0.0)
        return start_h;
    double daylight_h = s->daylight_end_h - s->daylight_start_h;
    if (daylight_h >= HOURS_PER_DAY)
        return start_h + driving_h;
    double day = floor(start_h / HOURS_PER_DAY);
    double today_h = start_h - day * HOURS_PER_DAY - s->daylight_start_h;
    today_h = greater(0.0, today_h);
    drive_on(daylight_h, &day, &today_h, driving_h);
    return greater(start_h, day * HOURS_PER_DAY + s->daylight_start_h + today_h);
}

static double daylight_before_h(const Settings *s, double time_h)
{
    double daylight_h = s->daylight_end_h - s->daylight_start_h;
    double day = floor(time_h / HOURS_PER_DAY);
    double today_h = time_h - day * HOURS_PER_DAY - s->daylight_start_h;
    return day * daylight_h + lesser(daylight_h, greater(0.0, today_h));
}

static double driving_done_h(const Settings *s, double start_h, double end_h)
{
    double before_h = daylight_before_h(s, start_h);
    double after_h = daylight_before_h(s, end_h);
    return greater(0.0, lesser(end_h - start_h, after_h - before_h));
}

static double strike_probability(double per_vehicle, int n_vehicles)
{
    if (n_vehicles <= 0 || per_vehicle <= 0.0)
        return 0.0;
    if (per_vehicle >= 1.0)
        return 1.0;
    return -expm1(n_vehicles * log1p(-per_vehicle));
}

static int struck_vehicle(double draw, double per_vehicle, int n_vehicles)
{
    if (per_vehicle >= 1.0)
        return 0;
    double place;
    if (per_vehicle <= 0.0) {
        place = floor(draw * n_vehicles);
    } else {
        double log_pass = log1p(-per_vehicle);
        double any_struck = -expm1(n_vehicles * log_pass);
        place = floor(log1p(-draw * any_struck) / log_pass);
    }
    return place < n_vehicles - 1 ? (int)place : n_vehicles - 1;
}

static bool is_escort_place(int place, int n_escort, int n_load)
{
    int n_leading = (n_escort + 1) / 2;
    if (place < n_leading)
        return true;
    int n_rest = n_escort - n_leading, n_behind = n_rest + n_load, behind = place - n_leading;
    return (behind + 1) * n_rest / n_behind > behind * n_rest / n_behind;
}

static double harm_probability(const Settings *s, bool is_protected)
{
    double protected_one = s->harm_probability
                           / (s->reference_protected_share
                              + (1.0 - s->reference_protected_share) * s->unprotected_harm_ratio);
    return is_protected ? protected_one : lesser(1.0, protected_one * s->unprotected_harm_ratio);
}

static int n_killed(double draw, int n_occupants, double alpha, double beta)
{
    double term = 1.0;
    for (int i = 0; i < n_occupants; i++)
        term *= (beta + i) / (alpha + beta + i);
    double cumulative = term;
    for (int killed = 0; killed < n_occupants; killed++) {
        if (draw < cumulative)
            return killed;
        int left = n_occupants - killed;
        term *= left * (alpha + killed) / ((killed + 1.0) * (beta + left - 1.0));
        cumulative += term;
    }
    return n_occupants;
}

static int n_wounded(double draw, int n_survivors, double wounded_share)
{
    if (wounded_share >= 1.0)
        return n_survivors;
    if (wounded_share <= 0.0)
        return 0;
    double term = 1.0;
    for (int i = 0; i < n_survivors; i++)
        term *= 1.0 - wounded_share;
    double cumulative = term, odds = wounded_share / (1.0 - wounded_share);
    for (int wounded = 0; wounded < n_survivors; wounded++) {
        if (draw < cumulative)
            return wounded;
        term *= odds * (n_survivors - wounded) / (wounded + 1.0);
        cumulative += term;
    }
    return n_survivors;
}

static int n_victims(double draw, double mean)
{
    double term = exp(-mean), cumulative = term;
    int victims = 0;
    while (draw >= cumulative && (victims < mean || cumulative + term > cumulative)) {
        victims += 1;
        term *= mean / victims;
        cumulative += term;
    }
    return victims;
}

static double others_hazard_per_day(const Settings *s, int surface)
{
    if (surface == 0)
        return s->others_hazard_per_day * s->others_paved_ratio;
    if (surface == 2)
        return s->others_hazard_per_day * s->others_track_ratio;
    return s->others_hazard_per_day;
}

static int chosen_option(double draw, const double *weights, int n)
{
    double total = 0.0;
    for (int option = 0; option < n; option++)
        total += weights[option];
    if (total <= 0.0) {
        int option = (int)(draw * n);
        return option < n - 1 ? option : n - 1;
    }
    double threshold = draw * total, cumulative = 0.0;
    for (int option = 0; option < n; option++) {
        cumulative += weights[option];
        if (threshold < cumulative)
            return option;
    }
    return n - 1;
}

static int chosen_place(double draw, const double *weights, int n, double nothing_weight)
{
    double total = 0.0;
    for (int place = 0; place < n; place++)
        total += weights[place];
    total += nothing_weight;
    double threshold = draw * total, cumulative = 0.0;
    for (int place = 0; place < n; place++) {
        cumulative += weights[place];
        if (threshold < cumulative)
            return place;
    }
    return NONE;
}

/* --- the agenda: by time, turn, key and count ---------------------------------------------------- */

/* A heap with four children a node: the four lie on one line of cache. What settles ties lies apart,
 * and who is earlier is computed rather than branched upon, since nobody could foretell it. */
enum { ROOT = 3 }; /* so that the children of a node begin a line */

static bool comes_first(const Run *r, int one, int other)
{
    const Entry *a = &r->entries[one], *b = &r->entries[other];
    if (a->turn != b->turn)
        return a->turn < b->turn;
    if (a->key != b->key)
        return a->key < b->key;
    return a->count < b->count;
}

static inline bool is_before(const Run *r, Node one, Node other)
{
    bool is = one.time_h < other.time_h;
    if (one.time_h == other.time_h)
        is = comes_first(r, one.entry, other.entry);
    return is;
}

static void climb(Run *r, int place, Node node)
{
    Node *heap = r->heap;
    while (place > ROOT) {
        int parent = place / 4 + 2;
        if (!is_before(r, node, heap[parent]))
            break;
        heap[place] = heap[parent];
        place = parent;
    }
    heap[place] = node;
}

static void grow_agenda(Run *r)
{
    int room = 2 * r->room_agenda + 64;
    Node *heap = aligned_alloc(64, (size_t)(room + ROOT + 4) / 4 * 4 * sizeof *heap);
    if (!heap)
        stop("out of memory");
    if (r->heap)
        memcpy(heap, r->heap, (size_t)(ROOT + r->room_agenda) * sizeof *heap);
    free(r->heap);
    r->heap = heap;
    r->entries = room_for(r->entries, room, sizeof *r->entries);
    r->free_entries = room_for(r->free_entries, room, sizeof *r->free_entries);
    for (int entry = room - 1; entry >= r->room_agenda; entry--)
        r->free_entries[r->n_free_entries++] = entry;
    r->room_agenda = room;
}

static void add(Run *r, double time_h, int turn, uint64_t key, uint32_t count, int who)
{
    if (r->n_free_entries == 0)
        grow_agenda(r);
    int entry = r->free_entries[--r->n_free_entries];
    r->entries[entry] = (Entry){.key = key, .count = count, .turn = turn, .who = who};
    climb(r, ROOT + r->n_agenda++, (Node){time_h, entry});
}

/* The gap sinks to a leaf by way of the earliest child; the last node, which nearly always belongs
 * there, climbs from it: fewer comparisons than sinking that node (Wegener 1993). */
static Entry take(Run *r, double *time_h)
{
    Node *heap = r->heap, first = heap[ROOT];
    int place = ROOT, end = ROOT + --r->n_agenda, child = ROOT + 1;
    Node last = heap[end];
    while (child + 4 <= end) {
        int low = child + is_before(r, heap[child + 1], heap[child]);
        int high = child + 2 + is_before(r, heap[child + 3], heap[child + 2]);
        child = is_before(r, heap[high], heap[low]) ? high : low;
        heap[place] = heap[child];
        place = child;
        child = 4 * (place - 2);
    }
    if (child < end) {
        int earliest = child;
        while (++child < end)
            if (is_before(r, heap[child], heap[earliest]))
                earliest = child;
        heap[place] = heap[earliest];
        place = earliest;
    }
    climb(r, place, last);
    r->free_entries[r->n_free_entries++] = first.entry;
    *time_h = first.time_h;
    return r->entries[first.entry];
}

/* --- the ledger ---------------------------------------------------------------------------------- */

static Row *put(Run *r, int kind, int segment, uint64_t entity)
{
    if (r->n_rows == r->room_rows) {
        r->room_rows = 2 * r->room_rows + 1024;
        r->rows = room_for(r->rows, r->room_rows, sizeof *r->rows);
    }
    Row *row = &r->rows[r->n_rows++];
    *row = (Row){.time_h = r->now_h, .entity = entity, .segment = segment, .camp = NONE,
                 .kind = (int8_t)kind};
    return row;
}

static Row *put_device(Run *r, int kind, const Device *device)
{
    Row *row = put(r, kind, device->segment, device->key);
    row->hours = r->now_h - device->placed_h;
    return row;
}

/* --- convoys and patrols on their way ------------------------------------------------------------ */

static void find_next_left(Run *r, Convoy *c)
{
    c->next_left_h = c->settled_leg < c->n_legs
                         ? drive_end_h(&r->w->set, c->resumed_h,
                                       c->drive_h[c->settled_leg + 1] - c->driven_h)
                         : INFINITY;
}

/* Write down the pieces of road that lie behind. */
static void settle(Run *r, Convoy *c)
{
    const World *w = r->w;
    double now_h = r->now_h;
    if (c->next_left_h > now_h)
        return;
    double memory_half_life_h = w->set.memory_half_life_h;
    double picture_half_life_h = w->set.picture_half_life_h;
    size_t sums = ((size_t)c->traffic * w->n_periods + r->period) * w->n_segments;
    double *vehicle_km = r->vehicle_km + sums, *person_km = r->person_km + sums;
    while (c->next_left_h <= now_h) {
        int leg = c->settled_leg, segment = c->segments[leg];
        double left_h = c->next_left_h;
        double km = fabs(c->leave_km[leg] - c->enter_km[leg]);
        double share = km / w->length_km[segment];
        Memory *memory = &r->memory[segment];
        add_fading(&memory->traffic, left_h, memory_half_life_h, c->vehicles * share);
        if (c->traffic == PATROL)
            add_fading(&memory->patrols, left_h, memory_half_life_h, share);
        add_fading(&r->told[segment].passages, left_h, picture_half_life_h, share);
        vehicle_km[segment] += c->vehicles * km;
        person_km[segment] += c->people * km;
        c->settled_leg += 1;
        find_next_left(r, c);
    }
}

static void settle_traffic(Run *r)
{
    for (int i = 0; i < r->n_moving; i++)
        settle(r, &r->convoys[r->moving[i]]);
}

/* Schedule the next device on the way, or the arrival. */
static void plan_next(Run *r, Convoy *c, int slot)
{
    c->meeting = NONE;
    int n_legs = r->n_slots > 0 ? c->n_legs : 0;
    for (int leg = c->leg; leg < n_legs && c->meeting == NONE; leg++) {
        int i = r->first_device[c->segments[leg]];
        if (i == NONE)
            continue;
        double enter_km = c->enter_km[leg], leave_km = c->leave_km[leg];
        for (; i != NONE; i = r->devices[i].next) {
            const Device *device = &r->devices[i];
            double at_km = device->at_km, along_km;
            if (enter_km <= leave_km) {
                if (at_km < enter_km || at_km > leave_km)
                    continue;
                along_km = at_km - enter_km;
            } else {
                if (at_km > enter_km || at_km < leave_km)
                    continue;
                along_km = enter_km - at_km;
            }
            if (leg == c->leg
                && (along_km < c->along_km
                    || (along_km == c->along_km && (int64_t)device->key <= c->passed_key)))
                continue;
            if (c->meeting == NONE || along_km < c->next_km
                || (along_km == c->next_km && (int64_t)device->key < c->next_key)) {
                c->meeting = i;
                c->next_leg = leg;
                c->next_km = along_km;
                c->next_key = device->key;
            }
        }
    }
    c->version += 1;
    double at_h;
    int turn;
    if (c->meeting == NONE) {
        at_h = c->drive_h[c->n_legs];
        turn = TURN_ARRIVAL;
    } else {
        int leg = c->next_leg;
        double begin_h = c->drive_h[leg], end_h = c->drive_h[leg + 1];
        double leg_km = fabs(c->leave_km[leg] - c->enter_km[leg]);
        at_h = begin_h + (end_h - begin_h) * c->next_km / leg_km;
        turn = TURN_MEETING;
    }
    c->next_drive_h = at_h;
    double time_h = drive_end_h(&r->w->set, c->resumed_h, at_h - c->driven_h);
    add(r, greater(time_h, r->now_h), turn, c->key, c->version, slot);
}

/* Bring the place on the journey to the present; a halted convoy stays where it is. */
static void find_place(Run *r, Convoy *c)
{
    if (r->now_h <= c->resumed_h)
        return;
    double hours = c->driven_h + driving_done_h(&r->w->set, c->resumed_h, r->now_h);
    int low = 0, high = c->n_legs + 1; /* the first of drive_h that is above `hours` */
    while (low < high) {
        int middle = (low + high) / 2;
        if (c->drive_h[middle] <= hours)
            low = middle + 1;
        else
            high = middle;
    }
    int leg = low - 1 < c->n_legs - 1 ? low - 1 : c->n_legs - 1;
    double begin_h = c->drive_h[leg], end_h = c->drive_h[leg + 1];
    double leg_km = fabs(c->leave_km[leg] - c->enter_km[leg]);
    double share = end_h > begin_h ? (hours - begin_h) / (end_h - begin_h) : 0.0;
    double along_km = share * leg_km;
    if (leg > c->leg || (leg == c->leg && along_km > c->along_km)) {
        c->leg = leg;
        c->along_km = along_km;
        c->passed_key = -1;
    }
}

/* Somebody has placed a device: plan anew if it lies on the way. */
static void notice(Run *r, int slot, int segment)
{
    Convoy *c = &r->convoys[slot];
    for (int leg = 0; leg < c->n_legs; leg++)
        if (c->segments[leg] == segment) {
            find_place(r, c);
            plan_next(r, c, slot);
            return;
        }
}

static int new_convoy(Run *r)
{
    if (r->n_free > 0)
        return r->free_convoys[--r->n_free];
    if (r->n_convoys == r->room_convoys) {
        int old = r->room_convoys;
        r->room_convoys = 2 * old + 32;
        r->convoys = room_for(r->convoys, r->room_convoys, sizeof *r->convoys);
        memset(r->convoys + old, 0, (r->room_convoys - old) * sizeof *r->convoys);
        r->free_convoys = room_for(r->free_convoys, r->room_convoys, sizeof(int32_t));
        r->moving = room_for(r->moving, r->room_convoys, sizeof(int32_t));
    }
    return r->n_convoys++;
}

static void start(Run *r, int slot)
{
    Convoy *c = &r->convoys[slot];
    c->key = (uint64_t)c->source_key << 32 | c->number;
    c->vehicles = c->n_escort + c->n_load;
    c->people = c->n_escort * r->w->set.vehicle_occupants + c->n_load * r->w->set.truck_occupants;
    c->version = 0;
    c->planned_h = c->drive_h[c->n_legs];
    c->started_h = c->resumed_h = r->now_h;
    c->driven_h = 0.0;
    c->leg = c->settled_leg = 0;
    c->along_km = 0.0;
    c->passed_key = -1;
    c->n_met = 0;
    c->is_moving = true;
    r->moving[r->n_moving++] = slot;
    find_next_left(r, c);
    plan_next(r, c, slot);
}

static void arrive(Run *r, int slot)
{
    Convoy *c = &r->convoys[slot];
    settle(r, c);
    int place = 0;
    while (r->moving[place] != slot)
        place += 1;
    r->n_moving -= 1;
    memmove(r->moving + place, r->moving + place + 1, (r->n_moving - place) * sizeof *r->moving);
    c->is_moving = false;
    r->free_convoys[r->n_free++] = slot;
    if (c->traffic == LOGISTICS) {
        double hours = r->now_h - c->started_h;
        r->journey_h[r->period] += hours;
        r->undisturbed_h[r->period] +=
            drive_end_h(&r->w->set, c->started_h, c->planned_h) - c->started_h;
        Row *row = put(r, ARRIVED, NONE, c->key);
        row->camp = (int16_t)r->w->leg_camp[c->leg_of_supply];
        row->hours = hours;
    }
}

/* --- devices ------------------------------------------------------------------------------------- */

static void count_live(Run *r)
{
    double hours = r->now_h - r->live_counted_h;
    r->live_device_h[r->period] += r->n_live * hours;
    r->live_counted_h = r->now_h;
}

static int new_device(Run *r)
{
    int slot = r->free_device;
    if (slot != NONE) {
        r->free_device = r->devices[slot].next;
        return slot;
    }
    if (r->n_slots == r->room_devices) {
        r->room_devices = 2 * r->room_devices + 64;
        r->devices = room_for(r->devices, r->room_devices, sizeof *r->devices);
    }
    return r->n_slots++;
}

static void place_device(Run *r, int slot)
{
    Device *device = &r->devices[slot];
    int segment = device->segment;
    count_live(r);
    device->is_live = true;
    device->next = NONE;
    if (r->first_device[segment] == NONE)
        r->first_device[segment] = slot;
    else
        r->devices[r->last_device[segment]].next = slot;
    r->last_device[segment] = slot;
    r->n_live += !device->is_decoy;
    Row *row = put_device(r, device->is_decoy ? DECOY_PLACED : PLACED, device);
    row->other = r->w->cell_key[device->cell];
    add(r, device->end_h, TURN_DEVICE_END, device->key, 0, slot);
    for (int i = 0; i < r->n_moving; i++)
        notice(r, r->moving[i], segment);
}

/* The slot keeps what was known of the device until another is placed. */
static void end_device(Run *r, int slot)
{
    Device *device = &r->devices[slot];
    int segment = device->segment, before = NONE, i = r->first_device[segment];
    count_live(r);
    while (i != slot) {
        before = i;
        i = r->devices[i].next;
    }
    if (before == NONE)
        r->first_device[segment] = device->next;
    else
        r->devices[before].next = device->next;
    if (r->last_device[segment] == slot)
        r->last_device[segment] = before;
    device->is_live = false;
    r->n_live -= !device->is_decoy;
    device->next = r->free_device;
    r->free_device = slot;
}

static void end_by_itself(Run *r, int slot, uint64_t key)
{
    Device *device = &r->devices[slot];
    if (!device->is_live || device->key != key)
        return;
    end_device(r, slot);
    if (device->end_cause == CAUSE_NONE) {
        put_device(r, device->is_decoy ? DECOY_EXPIRED : EXPIRED, device);
        return;
    }
    double draw = uniform(r, OTHERS_VICTIMS, device->key, 0, 0);
    Row *row = put_device(r, STRUCK_OTHERS, device);
    row->cause = device->end_cause;
    row->civilians = (int16_t)n_victims(draw, r->w->set.others_victims);
}

static double excitation_now(const Run *r, const Cell *cell)
{
    double half_life_h = r->w->set.success_half_life_days * HOURS_PER_DAY;
    return remembered(cell->excitation.value, r->now_h - cell->excitation.time_h, half_life_h);
}

/* A find or a strike: the command hears of it, and so do the cells. */
static void tell_of_device(Run *r, const Device *device, bool is_strike)
{
    const World *w = r->w;
    const Settings *s = &w->set;
    for (int64_t i = w->near_start[device->segment]; i < w->near_start[device->segment + 1]; i++) {
        int segment = w->near_segment[i];
        Memory *memory = &r->memory[segment];
        add_fading(&r->told[segment].events_per_km, r->now_h, s->picture_half_life_h,
                   w->near_per_km[i]);
        add_fading(is_strike ? &memory->success : &memory->pressure, r->now_h,
                   s->memory_half_life_h, w->near_weight[i]);
    }
    if (is_strike && s->success_extra_decisions != 0.0) {
        Cell *cell = &r->cells[device->cell];
        cell->excitation.value = excitation_now(r, cell)
                                 + s->success_extra_decisions * LOG_2 / s->success_half_life_days;
        cell->excitation.time_h = r->now_h;
    }
}

static void find_device(Run *r, int slot, uint64_t finder, int cause, double hours)
{
    Device *device = &r->devices[slot];
    end_device(r, slot);
    Row *row = put_device(r, device->is_decoy ? DECOY_FOUND : FOUND, device);
    row->other = finder;
    row->cause = (int8_t)cause;
    row->hours = hours;
    if (!device->is_decoy)
        tell_of_device(r, device, false);
}

/* --- an encounter -------------------------------------------------------------------------------- */

static double training_level(const Run *r, int unit)
{
    if (unit == NONE)
        return 0.0;
    const Unit *u = &r->units[unit];
    return u->level
           * exp(-LOG_2 * ((r->now_h - u->level_time_h) / HOURS_PER_DAY)
                 / r->w->set.training_half_life_days);
}

static double find_chance(const Run *r, const Convoy *c, const Device *device)
{
    const Settings *s = &r->w->set;
    bool is_patrol = c->traffic == PATROL;
    double base = is_patrol ? s->find_probability_patrol : s->find_probability_convoy;
    double miss_factor = exp((training_level(r, c->unit) - s->training_reference)
                             * log(s->trained_miss_ratio));
    double chance = greater(0.0, 1.0 - (1.0 - base) * miss_factor);
    if (!is_patrol && s->threatened_km_per_day != s->find_reference_km_per_day)
        chance = chance >= 1.0 ? 1.0
                               : -expm1(log1p(-chance)
                                        * (s->find_reference_km_per_day / s->threatened_km_per_day));
    return lesser(1.0, chance * device->concealment);
}

static double strike_chance_per_vehicle(const Run *r, const Convoy *c)
{
    const Settings *s = &r->w->set;
    double ratio =
        exp((training_level(r, c->unit) - s->training_reference) * log(s->discipline_ratio));
    return lesser(1.0, s->strike_probability_per_vehicle * ratio);
}

static void strike(Run *r, const Convoy *c, const Device *device, uint32_t count)
{
    const Settings *s = &r->w->set;
    uint32_t key = device->key, other = c->source_key;
    int place = struck_vehicle(uniform(r, STRUCK_VEHICLE, key, other, count),
                               strike_chance_per_vehicle(r, c), c->n_escort + c->n_load);
    bool is_protected = false, is_contractor = false;
    int n_occupants, killed = 0, wounded = 0;
    if (is_escort_place(place, c->n_escort, c->n_load)) {
        n_occupants = (int)s->vehicle_occupants;
        double share =
            c->unit == NONE ? s->protected_share : r->w->unit_protected_share[c->unit];
        is_protected = uniform(r, UNIT_PROTECTION, key, other, count) < share;
    } else {
        n_occupants = (int)s->truck_occupants;
        is_contractor = uniform(r, STRUCK_DRIVER, key, other, count) < s->contractor_share;
    }
    if (uniform(r, HARM, key, other, count) < harm_probability(s, is_protected)) {
        killed = n_killed(uniform(r, KILLED, key, other, count), n_occupants, s->severity_alpha,
                          s->severity_beta);
        wounded = n_wounded(uniform(r, WOUNDED, key, other, count), n_occupants - killed,
                            s->wounded_share);
    }
    Row *row = put_device(r, STRUCK, device);
    row->other = c->key;
    row->cause = c->traffic == PATROL ? CAUSE_PATROL : CAUSE_CONVOY;
    row->hours = s->strike_halt_h;
    if (is_contractor) {
        row->contractors = (int16_t)(killed + wounded);
    } else {
        row->killed = (int16_t)killed;
        row->wounded = (int16_t)wounded;
    }
}

/* How often the convoy has met a device before; this meeting is counted. */
static uint32_t n_met_before(Convoy *c, uint64_t device)
{
    for (int i = 0; i < c->n_met; i++)
        if (c->met[i].device == device)
            return c->met[i].n++;
    if (c->n_met == c->room_met) {
        c->room_met = 2 * c->room_met + 4;
        c->met = room_for(c->met, c->room_met, sizeof *c->met);
    }
    c->met[c->n_met++] = (Met){device, 1};
    return 0;
}

/* Let chance decide about one device; hours of halt that follow. */
static double encounter(Run *r, Convoy *c, int slot)
{
    const Settings *s = &r->w->set;
    Device *device = &r->devices[slot];
    uint32_t n_before = n_met_before(c, device->key);
    if (n_before >= MEETINGS_PER_PAIR)
        stop("a convoy meets a device too often");
    uint32_t count = c->number * MEETINGS_PER_PAIR + n_before;
    if (uniform(r, ENCOUNTER_FIND, device->key, c->source_key, count) < find_chance(r, c, device)) {
        find_device(r, slot, c->key, c->traffic == PATROL ? CAUSE_PATROL : CAUSE_CONVOY,
                    s->find_halt_h);
        return s->find_halt_h;
    }
    if (device->is_decoy)
        return 0.0;
    double chance = strike_probability(strike_chance_per_vehicle(r, c), c->n_escort + c->n_load);
    if (uniform(r, ENCOUNTER_STRIKE, device->key, c->source_key, count) >= chance)
        return 0.0;
    end_device(r, slot);
    strike(r, c, device, count);
    tell_of_device(r, device, true);
    return s->strike_halt_h;
}

static void meet(Run *r, int slot)
{
    Convoy *c = &r->convoys[slot];
    Device *device = &r->devices[c->meeting];
    c->leg = c->next_leg;
    c->along_km = c->next_km;
    c->passed_key = c->next_key;
    if (device->is_live && (int64_t)device->key == c->next_key) {
        double halt_h = encounter(r, c, c->meeting);
        if (halt_h > 0.0) {
            settle(r, c);
            c->driven_h = c->next_drive_h;
            c->resumed_h = r->now_h + halt_h;
            find_next_left(r, c);
        }
    }
    plan_next(r, c, slot);
}

/* --- companies and their patrols ----------------------------------------------------------------- */

static void await_rotation(Run *r, int unit)
{
    double period_h = r->w->set.rotation_h;
    double first_h = uniform(r, ROTATION_PHASE, r->w->unit_contingent_key[unit], 0, 0) * period_h;
    double n_gone = r->now_h < first_h ? 0.0 : 1.0 + floor((r->now_h - first_h) / period_h);
    double next_h = first_h + n_gone * period_h;
    if (next_h <= r->now_h)
        next_h += period_h;
    add(r, next_h, TURN_UNIT_CHANGE, r->w->unit_key[unit], ++r->units[unit].n_changes, unit);
}

static void rotate(Run *r, int unit)
{
    Unit *u = &r->units[unit];
    await_rotation(r, unit);
    u->level = r->w->unit_level[unit];
    u->level_time_h = r->now_h;
    Row *row = put(r, ROTATED, NONE, r->w->unit_key[unit]);
    row->camp = (int16_t)r->w->unit_camp[unit];
    row->strength = r->w->unit_strength[unit];
}

/* A patrol is drawn at the ceiling of the rate, and sent or refused by a second draw. In the slice the
 * rate of a company never changes, so those refused are counted at once instead of coming up. */
static void await_patrol(Run *r, int unit)
{
    const Settings *s = &r->w->set;
    uint32_t key = r->w->unit_key[unit];
    double rate = s->patrols_per_day_and_person * r->w->unit_strength[unit];
    double daylight_h = s->daylight_end_h - s->daylight_start_h;
    double ceiling_per_h = s->patrol_ceiling_per_day / daylight_h;
    Unit *u = &r->units[unit];
    for (;;) {
        uint32_t number = u->n_candidates++;
        double wait_h = waiting_time(uniform(r, PATROL_TIME, key, 0, number), ceiling_per_h);
        drive_on(daylight_h, &u->candidate_day, &u->candidate_today_h, wait_h);
        double time_h = u->candidate_day * HOURS_PER_DAY + s->daylight_start_h
                        + u->candidate_today_h;
        if (time_h >= s->end_h)
            return;
        if (uniform(r, PATROL_ACCEPTED, key, 0, number) * s->patrol_ceiling_per_day < rate) {
            add(r, time_h, TURN_DEPARTURE, key, number, unit);
            return;
        }
        r->n_events += 1;
    }
}

static bool is_wet(const Run *r)
{
    return r->w->is_wet[(int)(r->now_h / HOURS_PER_DAY)];
}

static void make_room(Convoy *c, int n_legs)
{
    if (n_legs <= c->room)
        return;
    c->room = 2 * n_legs;
    c->own_segments = room_for(c->own_segments, c->room, sizeof(int32_t));
    c->own_enter_km = room_for(c->own_enter_km, c->room, sizeof(double));
    c->own_leave_km = room_for(c->own_leave_km, c->room, sizeof(double));
    c->own_drive_h = room_for(c->own_drive_h, c->room + 1, sizeof(double));
}

/* Out along a road and those behind it to the reach, and back; or a loop where it is short. */
static void plan_patrol(Run *r, Convoy *c, int unit, uint32_t number)
{
    const World *w = r->w;
    int camp = w->unit_camp[unit], here = w->camp_junction[camp];
    int first_road = w->camp_road_start[camp];
    int n_roads = w->camp_road_start[camp + 1] - first_road;
    uint32_t key = w->unit_key[unit];
    const double *h_per_km = w->patrol_h_per_km + is_wet(r) * w->n_segments;
    const double *wait_h = w->patrol_wait_h + is_wet(r) * w->n_segments;
    int choice = chosen_option(uniform(r, PATROL_DIRECTION, key, 0, number),
                               w->road_weight + first_road, n_roads);
    double reach_km =
        -w->set.patrol_reach_km * log(1.0 - uniform(r, PATROL_REACH, key, 0, number));
    int road = first_road + choice;
    if (w->loop_km[road] <= 2.0 * reach_km) {
        int first = w->loop_start[road], n_legs = w->loop_start[road + 1] - first;
        make_room(c, n_legs);
        c->own_drive_h[0] = 0.0;
        for (int leg = 0; leg < n_legs; leg++) {
            int segment = w->loop_segment[first + leg];
            bool forwards = w->loop_forwards[first + leg];
            double length_km = w->length_km[segment];
            c->own_segments[leg] = segment;
            c->own_enter_km[leg] = forwards ? 0.0 : length_km;
            c->own_leave_km[leg] = forwards ? length_km : 0.0;
            c->own_drive_h[leg + 1] =
                c->own_drive_h[leg] + (length_km * h_per_km[segment] + wait_h[segment]);
        }
        c->n_legs = n_legs;
        return;
    }
    int edges[64], n_edges = 0, n_out = 0, junction = here;
    int edge = w->adjacency_edge[w->adjacency_start[here] + choice];
    double line_km = 0.0, left_km = reach_km;
    for (;;) {
        bool forwards = w->edge_from[edge] == junction;
        int from = w->edge_first_segment[edge], to = w->edge_first_segment[edge + 1];
        edges[n_edges++] = edge;
        for (int i = 0; i < to - from; i++) {
            int segment = forwards ? from + i : to - 1 - i;
            double length_km = w->length_km[segment];
            line_km += length_km;
            if (n_out > 0 && left_km <= 0.0)
                continue;
            make_room(c, 2 * (n_out + 1));
            left_km -= length_km;
            double driven_km = left_km <= 0.0 ? length_km + left_km : length_km;
            c->own_segments[n_out] = segment;
            c->own_enter_km[n_out] = forwards ? 0.0 : length_km;
            c->own_leave_km[n_out] = forwards ? driven_km : length_km - driven_km;
            n_out += 1;
        }
        junction = forwards ? w->edge_to[edge] : w->edge_from[edge];
        if (line_km >= reach_km)
            break;
        int others[64], n_others = 0;
        for (int k = w->adjacency_start[junction]; k < w->adjacency_start[junction + 1]; k++) {
            bool is_on_way = false;
            for (int i = 0; i < n_edges; i++)
                is_on_way |= edges[i] == w->adjacency_edge[k];
            if (!is_on_way)
                others[n_others++] = w->adjacency_edge[k];
        }
        if (n_others == 0)
            break;
        if (n_edges == 64)
            stop("a patrol goes over too many roads");
        edge = others[(int)(uniform(r, PATROL_DIRECTION, key, n_edges, number) * n_others)];
    }
    c->n_legs = 2 * n_out;
    for (int leg = 0; leg < n_out; leg++) {
        int back = c->n_legs - 1 - leg;
        c->own_segments[back] = c->own_segments[leg];
        c->own_enter_km[back] = c->own_leave_km[leg];
        c->own_leave_km[back] = c->own_enter_km[leg];
    }
    c->own_drive_h[0] = 0.0;
    for (int leg = 0; leg < c->n_legs; leg++) {
        int segment = c->own_segments[leg];
        double km = fabs(c->own_leave_km[leg] - c->own_enter_km[leg]);
        c->own_drive_h[leg + 1] = c->own_drive_h[leg] + km * h_per_km[segment] + wait_h[segment];
    }
}

static void patrol(Run *r, int unit)
{
    const World *w = r->w;
    const Settings *s = &w->set;
    Unit *u = &r->units[unit];
    await_patrol(r, unit);
    int slot = new_convoy(r);
    Convoy *c = &r->convoys[slot];
    c->source_key = w->unit_patrol_key[unit];
    c->number = u->n_patrols;
    c->traffic = PATROL;
    c->unit = unit;
    c->leg_of_supply = NONE;
    c->n_escort = (int)s->patrol_vehicles;
    c->n_load = 0;
    plan_patrol(r, c, unit, u->n_patrols);
    c->segments = c->own_segments;
    c->enter_km = c->own_enter_km;
    c->leave_km = c->own_leave_km;
    c->drive_h = c->own_drive_h;
    u->n_patrols += 1;
    r->n_patrols[r->period] += 1.0;
    start(r, slot);
}

/* --- convoys and sweeps at fixed rates ----------------------------------------------------------- */

static void await_convoy(Run *r, int leg, double from_h)
{
    const World *w = r->w;
    double draw = uniform(r, SUPPLY_TIME, w->leg_camp_key[leg], 0, r->n_sent[leg]);
    double gap_h = waiting_time(draw, w->set.convoys_per_day) * HOURS_PER_DAY;
    add(r, from_h + gap_h, TURN_DEPARTURE, w->leg_camp_key[leg], r->n_sent[leg], w->n_units + leg);
}

static void send_convoy(Run *r, int leg)
{
    const World *w = r->w;
    int slot = new_convoy(r);
    Convoy *c = &r->convoys[slot];
    c->source_key = w->leg_convoy_key[leg];
    c->number = r->n_sent[leg]++;
    await_convoy(r, leg, r->now_h);
    c->traffic = LOGISTICS;
    c->unit = NONE;
    c->leg_of_supply = leg;
    c->n_escort = (int)w->set.escort_vehicles;
    c->n_load = (int)w->set.load_vehicles;
    Row *row = put(r, DEPARTED, NONE, (uint64_t)c->source_key << 32 | c->number);
    row->camp = (int16_t)w->leg_camp[leg];
    int way = 2 * leg + is_wet(r), first = w->way_start[way];
    c->n_legs = w->way_start[way + 1] - first;
    c->segments = w->way_segment + first;
    c->enter_km = w->way_enter_km + first;
    c->leave_km = w->way_leave_km + first;
    c->drive_h = w->way_drive_h + first + way; /* every way has one more of these */
    start(r, slot);
}

static void await_sweep(Run *r, int segment, double from_h)
{
    uint32_t key = r->w->sweep_key[segment];
    double draw = uniform(r, SWEEP_TIME, key, 0, r->n_swept[segment]);
    double gap_h = waiting_time(draw, r->w->set.sweeps_per_day) * HOURS_PER_DAY;
    add(r, from_h + gap_h, TURN_SWEEP, key, r->n_swept[segment], segment);
}

static void sweep(Run *r, int segment)
{
    const Settings *s = &r->w->set;
    uint32_t key = r->w->sweep_key[segment], number = r->n_swept[segment]++;
    await_sweep(r, segment, r->now_h);
    for (int i = r->first_device[segment]; i != NONE;) {
        int next = r->devices[i].next;
        double draw = uniform(r, SWEEP_FIND, r->devices[i].key, key, number);
        if (draw < s->sweep_find_probability)
            find_device(r, i, key, CAUSE_SWEEP, s->render_safe_h);
        i = next;
    }
    add_fading(&r->memory[segment].pressure, r->now_h, s->memory_half_life_h, 1.0);
    r->told[segment].last_swept_h = r->now_h;
    put(r, SWEPT, segment, key)->cause = CAUSE_SWEEP;
}

/* --- cells --------------------------------------------------------------------------------------- */

static void await_attempt(Run *r, int cell, double from_h)
{
    const Settings *s = &r->w->set;
    double ceiling = s->attempts_ceiling_factor * s->attempts_per_day;
    if (ceiling == 0.0)
        return;
    uint32_t key = r->w->cell_key[cell], number = r->cells[cell].n_attempts;
    double wait_days = waiting_time(uniform(r, PLACEMENT_TIME, key, 0, number), ceiling);
    add(r, from_h + wait_days * HOURS_PER_DAY, TURN_EMPLACEMENT, key, number, cell);
}

static int choose_place(Run *r, int cell, uint32_t number)
{
    const World *w = r->w;
    const Settings *s = &w->set;
    settle_traffic(r);
    int first = w->place_start[r->cells[cell].home];
    int n = w->place_start[r->cells[cell].home + 1] - first;
    double now_h = r->now_h, half_life_h = s->memory_half_life_h;
    for (int place = 0; place < n; place++) {
        int segment = w->place_segment[first + place];
        const Memory *memory = &r->memory[segment];
        double success =
            remembered(memory->success.value, now_h - memory->success.time_h, half_life_h);
        double pressure = log(
            1.0 + remembered(memory->pressure.value, now_h - memory->pressure.time_h, half_life_h));
        double log_weight =
            s->beta_traffic * log(1.0 + seen_per_day(&memory->traffic, now_h, half_life_h))
            - s->beta_deterrence * log(1.0 + seen_per_day(&memory->patrols, now_h, half_life_h))
            + s->beta_success * success - s->beta_pressure * pressure
            - s->beta_distance_per_km * w->place_distance_km[first + place];
        r->weights[place] = w->length_km[segment] * exp(lesser(GREATEST_LOG_WEIGHT, log_weight));
    }
    double draw = uniform(r, PLACEMENT_SEGMENT, w->cell_key[cell], 0, number);
    int place = chosen_place(draw, r->weights, n, s->nothing_km);
    return place == NONE ? NONE : w->place_segment[first + place];
}

static void place(Run *r, int cell_index, int segment)
{
    const Settings *s = &r->w->set;
    Cell *cell = &r->cells[cell_index];
    if (cell->n_placed >= KEYS_PER_SOURCE)
        stop("a cell places too many devices");
    uint32_t key = r->w->cell_device_key[cell_index] + (uint32_t)cell->n_placed++;
    bool is_decoy = uniform(r, DECOY, key, 0, 0) < s->decoy_share;
    double days = waiting_time(uniform(r, EXPIRY_TIME, key, 0, 0), 1.0 / s->expiry_mean_days);
    int cause = CAUSE_NONE;
    if (!is_decoy) {
        double others_days = waiting_time(uniform(r, OTHERS_TIME, key, 0, 0),
                                          others_hazard_per_day(s, r->w->surface[segment]));
        if (others_days < days) {
            double draw = uniform(r, OTHERS_CLASS, key, 0, 0);
            days = others_days;
            cause = draw < s->others_civilian_share                         ? CAUSE_CIVILIAN
                    : draw < s->others_civilian_share + s->others_army_share ? CAUSE_ARMY
                                                                             : CAUSE_OTHER_FORCE;
        }
    }
    double scale = exp(s->skill_exponent * (log1p(s->skill_reference) - log1p(cell->practice)));
    double drawn = s->concealment_low
                   + uniform(r, CONCEALMENT, key, 0, 0) * (s->concealment_high - s->concealment_low);
    int slot = new_device(r);
    r->devices[slot] = (Device){
        .key = key,
        .is_decoy = is_decoy,
        .end_cause = (int8_t)cause,
        .segment = segment,
        .cell = cell_index,
        .at_km = uniform(r, PLACEMENT_POSITION, key, 0, 0) * r->w->length_km[segment],
        .concealment = drawn * lesser(s->skill_most, greater(1.0 / s->skill_most, scale)),
        .placed_h = r->now_h,
        .end_h = r->now_h + days * HOURS_PER_DAY,
    };
    place_device(r, slot);
    if (!is_decoy)
        cell->practice += 1.0;
}

static void attempt(Run *r, int cell_index)
{
    const Settings *s = &r->w->set;
    Cell *cell = &r->cells[cell_index];
    uint32_t number = cell->n_attempts++;
    await_attempt(r, cell_index, r->now_h);
    double base = s->attempts_per_day, ceiling = s->attempts_ceiling_factor * base;
    double rate = (base + lesser(excitation_now(r, cell), s->success_ceiling * base)) * s->motivation;
    if (rate > ceiling * (1.0 + 1e-9))
        stop("a cell decides more often than its ceiling allows");
    if (uniform(r, PLACEMENT_ACCEPTED, r->w->cell_key[cell_index], 0, number) >= rate / ceiling)
        return;
    int segment = choose_place(r, cell_index, number);
    if (segment != NONE)
        place(r, cell_index, segment);
}

/* --- time ---------------------------------------------------------------------------------------- */

static void close_period(Run *r)
{
    const World *w = r->w;
    double half_life_h = w->set.memory_half_life_h, seen = 0.0;
    double per_day = LOG_2 * 24.0 / half_life_h;
    settle_traffic(r);
    count_live(r);
    for (int segment = 0; segment < w->n_segments; segment++) {
        const Fading *traffic = &r->memory[segment].traffic;
        seen += per_day * remembered(traffic->value, r->now_h - traffic->time_h, half_life_h)
                * w->length_km[segment];
    }
    r->traffic_seen[r->period] = seen;
}

static void set_up(Run *r, uint32_t seed, uint32_t run)
{
    const World *w = r->w;
    size_t n_sums = (size_t)N_TRAFFIC * w->n_periods * w->n_segments;
    r->seed = seed;
    r->run = run;
    r->now_h = r->live_counted_h = 0.0;
    r->period = r->n_agenda = r->n_slots = r->n_live = r->n_moving = 0;
    r->n_rows = r->n_events = 0;
    r->free_device = NONE;
    r->n_free = r->n_free_entries = 0;
    for (int entry = r->room_agenda - 1; entry >= 0; entry--)
        r->free_entries[r->n_free_entries++] = entry;
    for (int slot = r->n_convoys - 1; slot >= 0; slot--)
        r->free_convoys[r->n_free++] = slot;
    memset(r->memory, 0, w->n_segments * sizeof *r->memory);
    memset(r->told, 0, w->n_segments * sizeof *r->told);
    memset(r->cells, 0, w->n_cells * sizeof *r->cells);
    memset(r->units, 0, w->n_units * sizeof *r->units);
    memset(r->n_sent, 0, w->n_legs_of_supply * sizeof *r->n_sent);
    memset(r->n_swept, 0, w->n_segments * sizeof *r->n_swept);
    clear(r->vehicle_km, n_sums);
    clear(r->person_km, n_sums);
    clear(r->n_patrols, w->n_periods);
    clear(r->live_device_h, w->n_periods);
    clear(r->journey_h, w->n_periods);
    clear(r->undisturbed_h, w->n_periods);
    clear(r->traffic_seen, w->n_periods);
    for (int segment = 0; segment < w->n_segments; segment++) {
        r->first_device[segment] = r->last_device[segment] = NONE;
        r->told[segment].last_swept_h = -1e6;
    }
    for (int unit = 0; unit < w->n_units; unit++) {
        r->units[unit].level = w->unit_level[unit];
        await_rotation(r, unit);
        if (w->unit_patrols[unit])
            await_patrol(r, unit);
    }
    for (int cell = 0; cell < w->n_cells; cell++) {
        int first = w->home_start[cell], n_homes = w->home_start[cell + 1] - first;
        r->cells[cell].home = first + (int)(uniform(r, CELL_HOME, w->cell_key[cell], 0, 0) * n_homes);
        r->cells[cell].practice = w->set.skill_reference;
        await_attempt(r, cell, 0.0);
    }
    add(r, w->set.daylight_start_h, TURN_DAWN, 0, 0, 0);
    for (int leg = 0; leg < w->n_legs_of_supply; leg++)
        await_convoy(r, leg, 0.0);
    for (int segment = 0; segment < w->n_segments; segment++)
        await_sweep(r, segment, 0.0);
    for (int period = 1; period < w->n_periods; period++)
        add(r, w->period_start_h[period], TURN_PERIOD, 0, period, 0);
}

static void act(Run *r, const Entry *entry)
{
    const Convoy *convoy;
    switch (entry->turn) {
    case TURN_PERIOD:
        close_period(r);
        r->period += 1;
        break;
    case TURN_UNIT_CHANGE:
        rotate(r, entry->who);
        break;
    case TURN_DEVICE_END:
        end_by_itself(r, entry->who, entry->key);
        break;
    case TURN_EMPLACEMENT:
        attempt(r, entry->who);
        break;
    case TURN_DAWN:
        add(r, r->now_h + HOURS_PER_DAY, TURN_DAWN, 0, 0, 0);
        settle_traffic(r);
        break;
    case TURN_SWEEP:
        sweep(r, entry->who);
        break;
    case TURN_DEPARTURE:
        if (entry->who < r->w->n_units)
            patrol(r, entry->who);
        else
            send_convoy(r, entry->who - r->w->n_units);
        break;
    case TURN_MEETING:
    case TURN_ARRIVAL:
        convoy = &r->convoys[entry->who];
        if (!convoy->is_moving || convoy->key != entry->key || convoy->version != entry->count)
            break; /* it has planned anew since, or has arrived */
        if (entry->turn == TURN_MEETING)
            meet(r, entry->who);
        else
            arrive(r, entry->who);
        break;
    default:
        stop("an event of no known turn");
    }
}

static void simulate(Run *r, uint32_t seed, uint32_t run)
{
    double end_h = r->w->set.end_h;
    set_up(r, seed, run);
    while (r->n_agenda > 0 && r->heap[ROOT].time_h < end_h) {
        Entry entry = take(r, &r->now_h);
        r->n_events += 1;
        act(r, &entry);
    }
    r->now_h = end_h;
    close_period(r);
}

/* --- what comes out ------------------------------------------------------------------------------ */

static uint64_t mixed(uint64_t sum, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ at[i]) * 1099511628211u;
    return sum;
}

static uint64_t checksum(const Run *r)
{
    const World *w = r->w;
    uint64_t sum = 14695981039346656037u;
    for (int64_t i = 0; i < r->n_rows; i++) {
        const Row *row = &r->rows[i];
        sum = mixed(sum, &row->time_h, sizeof row->time_h);
        sum = mixed(sum, &row->entity, sizeof row->entity);
        sum = mixed(sum, &row->kind, sizeof row->kind);
    }
    return mixed(sum, r->vehicle_km, (size_t)N_TRAFFIC * w->n_periods * w->n_segments * 8);
}

static void write_table(FILE *file, const char *name, size_t size, size_t n, const void *values)
{
    static const char zeros[8];
    Heading heading = {.size = size, .n = n};
    memcpy(heading.name, name, strlen(name));
    fwrite(&heading, sizeof heading, 1, file);
    fwrite(values, size, n, file);
    fwrite(zeros, 1, (8 - size * n % 8) % 8, file);
}

static void write_run(const Run *r, const char *path)
{
    const World *w = r->w;
    size_t n_sums = (size_t)N_TRAFFIC * w->n_periods * w->n_segments;
    FILE *file = fopen(path, "wb");
    if (!file)
        stop("cannot write the rows");
    write_table(file, "rows", sizeof(Row), r->n_rows, r->rows);
    write_table(file, "n_events", 8, 1, &r->n_events);
    write_table(file, "vehicle_km", 8, n_sums, r->vehicle_km);
    write_table(file, "person_km", 8, n_sums, r->person_km);
    write_table(file, "n_patrols", 8, w->n_periods, r->n_patrols);
    write_table(file, "live_device_h", 8, w->n_periods, r->live_device_h);
    write_table(file, "journey_h", 8, w->n_periods, r->journey_h);
    write_table(file, "undisturbed_h", 8, w->n_periods, r->undisturbed_h);
    write_table(file, "traffic_seen", 8, w->n_periods, r->traffic_seen);
    write_table(file, "memory", sizeof(Memory), w->n_segments, r->memory);
    write_table(file, "told", sizeof(Told), w->n_segments, r->told);
    if (fclose(file))
        stop("cannot write the rows");
}

static double nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        stop("PROBLEM time SEED FIRST_RUN N_RUNS, or PROBLEM rows SEED RUN OUT");
    Problem problem = read_problem(argv[1]);
    World *world = build_world(&problem);
    Run *r = new_run(world);
    uint32_t seed = (uint32_t)strtoul(argv[3], NULL, 10);
    uint32_t run = (uint32_t)strtoul(argv[4], NULL, 10);
    if (strcmp(argv[2], "rows") == 0) {
        simulate(r, seed, run);
        write_run(r, argv[5]);
        return 0;
    }
    uint32_t n_runs = (uint32_t)strtoul(argv[5], NULL, 10);
    for (uint32_t i = 0; i < n_runs; i++) {
        double begin = nanoseconds(CLOCK_MONOTONIC);
        double begin_of_processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
        simulate(r, seed, run + i);
        double of_processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - begin_of_processor;
        double by_clock = nanoseconds(CLOCK_MONOTONIC) - begin;
        printf("%.0f %.0f %" PRId64 " %" PRId64 " %016" PRIx64 "\n", by_clock, of_processor,
               r->n_events, r->n_rows, checksum(r));
        fflush(stdout);
    }
    return 0;
}
