module go_worker

go 1.19
