/* SPDX-License-Identifier: MIT */
/* The layout of everything that crosses the interface, on 64-bit platforms: included
 * by one C and one C++ file, which must agree. Frozen since 1.0: what would change a line
 * here is an extension of its own, or another major number. */
#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/ext/options.h>
#include <taskworker/ext/queue.h>
#include <taskworker/ext/stop.h>
#include <taskworker/ext/thread_check.h>
#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>
#include <stddef.h>

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#define SIZE(type, size) CHECK(sizeof(type) == (size))
#define AT(type, member, offset) CHECK(offsetof(type, member) == (offset))

CHECK(TASKWORKER_ABI_MAJOR == 1);

SIZE(void *, 8);
SIZE(taskworker_status, 4);
SIZE(taskworker_operation, 4);
SIZE(taskworker_result_kind, 4);
SIZE(taskworker_log_severity, 4);
SIZE(taskworker_option_type, 4);
SIZE(taskworker_job_id, 8);

CHECK(TASKWORKER_OK == 0 && TASKWORKER_FAILED == 1 && TASKWORKER_UNSUPPORTED == 2);
CHECK(TASKWORKER_NO_CAPACITY == 3 && TASKWORKER_CANCELLED == 4);
CHECK(TASKWORKER_SUM == 0 && TASKWORKER_MULTIPLY == 1);
CHECK(TASKWORKER_SQUARE == 2 && TASKWORKER_FILTER == 3);
CHECK(TASKWORKER_SCALAR == 0 && TASKWORKER_ARRAY == 1);
CHECK(TASKWORKER_LOG_DEBUG == 0 && TASKWORKER_LOG_INFO == 1 && TASKWORKER_LOG_WARNING == 2);
CHECK(TASKWORKER_LOG_ERROR == 3 && TASKWORKER_LOG_HOST_MISBEHAVING == 4);
CHECK(TASKWORKER_LOG_STRATEGY_MISBEHAVING == 5);
CHECK(TASKWORKER_OPTION_TEXT == 0 && TASKWORKER_OPTION_FLAG == 1);
CHECK(TASKWORKER_OPTION_INTEGER == 2 && TASKWORKER_OPTION_CHOICE == 3);
CHECK(TASKWORKER_OPTION_SET == 4);
CHECK(TASKWORKER_MAX_OPERATIONS == 16);

SIZE(taskworker_version, 8);
AT(taskworker_version, major, 0);
AT(taskworker_version, minor, 4);

SIZE(taskworker_task, 32);
AT(taskworker_task, id, 0);
AT(taskworker_task, payload, 8);
AT(taskworker_task, payload_size, 16);
AT(taskworker_task, operation, 24);
AT(taskworker_task, reserved, 28);

SIZE(taskworker_result, 64);
AT(taskworker_result, scalar, 0);
AT(taskworker_result, data, 8);
AT(taskworker_result, data_capacity, 16);
AT(taskworker_result, data_size, 24);
AT(taskworker_result, info, 32);
AT(taskworker_result, info_capacity, 40);
AT(taskworker_result, info_size, 48);
AT(taskworker_result, kind, 56);
AT(taskworker_result, reserved, 60);

SIZE(taskworker_option_value, 16);
AT(taskworker_option_value, name, 0);
AT(taskworker_option_value, value, 8);

SIZE(taskworker_config, 40);
AT(taskworker_config, options, 0);
AT(taskworker_config, option_count, 8);
AT(taskworker_config, expected_tasks, 16);
AT(taskworker_config, data_size, 24);
AT(taskworker_config, workers, 32);
AT(taskworker_config, reserved, 36);

SIZE(taskworker_host, 40);
AT(taskworker_host, abi, 0);
AT(taskworker_host, name, 8);
AT(taskworker_host, version, 16);
AT(taskworker_host, host_data, 24);
AT(taskworker_host, get_extension, 32);

SIZE(taskworker_instance, 56);
AT(taskworker_instance, strategy_data, 0);
AT(taskworker_instance, init, 8);
AT(taskworker_instance, start, 16);
AT(taskworker_instance, process, 24);
AT(taskworker_instance, stop, 32);
AT(taskworker_instance, destroy, 40);
AT(taskworker_instance, get_extension, 48);

SIZE(taskworker_descriptor, 40);
AT(taskworker_descriptor, name, 0);
AT(taskworker_descriptor, version, 8);
AT(taskworker_descriptor, summary, 16);
AT(taskworker_descriptor, license, 24);
AT(taskworker_descriptor, author, 32);

SIZE(taskworker_entry, 80);
AT(taskworker_entry, abi, 0);
AT(taskworker_entry, descriptor, 8);
AT(taskworker_entry, init, 48);
AT(taskworker_entry, deinit, 56);
AT(taskworker_entry, create, 64);
AT(taskworker_entry, get_extension, 72);

SIZE(taskworker_host_jobs, 16);
AT(taskworker_host_jobs, start, 0);
AT(taskworker_host_jobs, cancel, 8);

SIZE(taskworker_host_log, 8);
AT(taskworker_host_log, log, 0);

SIZE(taskworker_host_stop, 8);
AT(taskworker_host_stop, is_stopping, 0);

SIZE(taskworker_host_thread_check, 24);
AT(taskworker_host_thread_check, is_control_thread, 0);
AT(taskworker_host_thread_check, is_worker_thread, 8);
AT(taskworker_host_thread_check, is_job_thread, 16);

SIZE(taskworker_option, 56);
AT(taskworker_option, name, 0);
AT(taskworker_option, summary, 8);
AT(taskworker_option, default_value, 16);
AT(taskworker_option, choices, 24);
AT(taskworker_option, minimum, 32);
AT(taskworker_option, maximum, 40);
AT(taskworker_option, type, 48);
AT(taskworker_option, reserved, 52);

SIZE(taskworker_options, 16);
AT(taskworker_options, options, 0);
AT(taskworker_options, count, 8);

SIZE(taskworker_queue, 8);
AT(taskworker_queue, wanted_capacity, 0);

SIZE(taskworker_workload, 48);
AT(taskworker_workload, name, 0);
AT(taskworker_workload, operation_names, 8);
AT(taskworker_workload, operation_count, 16);
AT(taskworker_workload, make_task, 24);
AT(taskworker_workload, check, 32);
AT(taskworker_workload, equal, 40);
